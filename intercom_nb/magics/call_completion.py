"""Tab inside a call such as ``c.conversations.search(``: filters, arguments and their values."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .. import catalog
from ..catalog.model import Operation
from ..catalog.search_fields import SearchFields
from ..catalog.signatures import python_name
from ..catalog.validation import options_of
from ..connector.connector import IntercomConnector
from ..connector.namespace import Namespace, OperationMethod
from ..connector.sync import SyncConnector
from .completion import Offer, known_values, operators_of, own_names
from .parser import searched

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext
    from IPython.core.interactiveshell import InteractiveShell

_STRING = re.compile(r"""('''|\"\"\").*?\1|(['"])(?:\\.|(?!\2)[^\\\n])*\2|\#[^\n]*""", re.DOTALL)
_BRACKET = re.compile(r"[()\[\]{}]")
_CALLED = re.compile(r"[A-Za-z_][\w.]*$")
_GIVEN = re.compile(r"(\w+)\s*=(?!=)")
_VALUE = re.compile(r"(\w+)\s*=\s*(['\"]?)([^'\"]*)$")


def register(shell: InteractiveShell) -> None:
    """Complete calls of connectors in a shell; a second time changes nothing."""
    from IPython.core.completer import SimpleCompletion, context_matcher

    def complete(context: CompletionContext) -> Any:
        lines = context.full_text.split("\n")[: context.cursor_line + 1]
        lines[-1] = lines[-1][: context.cursor_position]
        found = offer_in_call("\n".join(lines), shell.user_ns)
        names = [] if found is None else found.names
        return {
            "completions": [SimpleCompletion(text=name, type="param") for name in names],
            "matched_fragment": "" if found is None else found.typed,
            "suppress": bool(names),
            "ordered": True,
        }

    completer = getattr(shell, "Completer", None)  # not every shell has one
    matchers: list[Any] = getattr(completer, "custom_matchers", [])
    if not any(getattr(one, "matcher_identifier", "") == __name__ for one in matchers):
        matchers.append(context_matcher(identifier=__name__)(complete))


@dataclasses.dataclass(frozen=True)
class _Call:
    """The call that the cursor is in: what is called, and the text of its arguments."""

    function: str
    arguments: str


def offer_in_call(before: str, variables: Mapping[str, Any]) -> Offer | None:
    """Return the completions at the end of a text, or None outside of a connector's call.

    A field typed in full also offers its operators. No code of the cell runs.

    >>> import intercom_nb
    >>> c = intercom_nb.connect("demo")
    >>> offer_in_call("await c.conversations.search(stat", {"c": c}).names[0]
    'state='
    >>> offer_in_call("c.conversations.search(state='cl", {"c": c}).names
    ['closed']
    """
    call = _open_call(before)
    operation = None if call is None else _operation(call.function, variables)
    if call is None or operation is None:
        return None
    last = _last_argument(call.arguments)
    value = _VALUE.match(last)
    if value is not None:
        return _offer_values(operation, *value.groups())
    if not re.fullmatch(r"\w*", last):
        return None
    given = set(_GIVEN.findall(_blanked(call.arguments)))
    names = [name for name in _argument_names(operation, last) if name.rstrip("=") not in given]
    offered = [name for name in names if name.startswith(last)]
    if last:  # an argument by position may be a variable
        offered += [name for name in own_names(variables) if name.startswith(last)]
    return Offer(last, offered)


def _blanked(text: str) -> str:
    """Return the text with complete strings and comments replaced by as many blanks."""
    return _STRING.sub(lambda found: " " * len(found[0]), text)


def _open_call(before: str) -> _Call | None:
    """Find the innermost parenthesis that is not closed, and the name in front of it."""
    code = _blanked(before)
    depth = 0
    for bracket in reversed(list(_BRACKET.finditer(code))):
        if bracket[0] in ")]}":
            depth += 1
        elif depth:
            depth -= 1
        else:
            name = _CALLED.search(code, 0, bracket.start()) if bracket[0] == "(" else None
            return None if name is None else _Call(name[0], before[bracket.end() :])
    return None


def _last_argument(arguments: str) -> str:
    """Return the text after the last comma that separates arguments."""
    code, depth, start = _blanked(arguments), 0, 0
    for at, sign in enumerate(code):
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign == "," and not depth:
            start = at + 1
    return arguments[start:].lstrip()


def _operation(function: str, variables: Mapping[str, Any]) -> Operation | None:
    """Return the operation that a dotted name stands for, None if it is not one.

    Attributes of other objects are read from their ``__dict__``: a property could run code.
    """
    first, *rest = function.split(".")
    found = variables.get(first)
    for name in rest:
        if isinstance(found, IntercomConnector) and name == "sync":
            found = found.sync
        elif isinstance(found, (IntercomConnector, SyncConnector)) and name in catalog.entities():
            found = getattr(found, name)
        elif isinstance(found, Namespace):
            found = getattr(found, name, None)
        else:
            found = getattr(found, "__dict__", {}).get(name)
    return found.operation if isinstance(found, OperationMethod) else None


def _argument_names(operation: Operation, typed: str) -> list[str]:
    """Return ``name=`` for each filter and argument; of a field typed in full, all operators."""
    fields = searched(operation)
    filters = [] if fields is None else list(_filters(fields, typed))
    names = [python_name(p) for p in operation.params if p.name.isidentifier()]
    return [f"{name}=" for name in dict.fromkeys([*filters, *names, *options_of(operation)])]


def _filters(fields: SearchFields, typed: str) -> Iterable[str]:
    for path in fields.fields:
        name, operators = path.replace(".", "__"), operators_of(fields, path)
        if typed.startswith(name):
            yield from (name, *(f"{name}__{word}" for word in operators if word != "eq"))
        elif "gt" in operators:  # a time or a number: hardly ever looked for by equality
            yield from (f"{name}__gt", f"{name}__lt")
        else:
            yield name


def _offer_values(operation: Operation, key: str, quote: str, typed: str) -> Offer | None:
    """Offer the values of an argument, with the quotes that are not typed yet."""
    values = known_values(operation, key)
    if set(values) == {"true", "false"}:
        values = ["True", "False"]
    elif not quote:
        values = [f'"{value}"' for value in values]
    return Offer(typed, [value for value in values if value.startswith(typed)])
