"""The magics themselves: what IPython calls, and how results and errors are shown."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd
from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import needs_local_scope, no_var_expand

from .. import catalog
from ..connector.connector import IntercomConnector
from ..errors import IntercomError, InvalidParameterError
from ..frames import KEY
from ..runtime.portal import portal
from .completion import offer
from .connector_lookup import Source, connectors
from .help import manual
from .parser import ALL, Line, arguments, operation_of, read_line
from .query_body import read_body
from .secret_guard import credential_error
from .sql import COMMAND as SQL
from .sql import run_sql
from .tokenizer import Word, split, take_target

NAME = "intercom"


def register(shell: InteractiveShell) -> None:
    """Add the magics and their completion; a second time replaces the first."""
    unregister(shell)
    magics = IntercomMagics(shell)
    shell.magics_manager.register_function(magics.intercom, "line_cell", NAME)
    shell.magics_manager.register_function(magics.intercom_sql, "cell", SQL)
    if shell.Completer is not None:
        shell.Completer.custom_matchers.append(magics.matcher)


def unregister(shell: InteractiveShell) -> None:
    """Take the magics and their completion out, if they are there."""
    for kind in ("line", "cell"):
        for name in (NAME, SQL):
            shell.magics_manager.magics[kind].pop(name, None)
    if shell.Completer is not None:
        ours = [m for m in shell.Completer.custom_matchers if _is_ours(m)]
        for matcher in ours:
            shell.Completer.custom_matchers.remove(matcher)


def _is_ours(matcher: Any) -> bool:
    return getattr(matcher, "matcher_identifier", "") == __name__


@contextlib.contextmanager
def _short_errors() -> Iterator[None]:
    """Show an error of ours as its message alone: the way it took through here helps nobody."""
    try:
        yield
    except IntercomError as error:
        _render(error, str(error))
        raise
    except KeyboardInterrupt as error:
        _render(error, "cancelled: nothing of it runs on")
        raise


def _render(error: BaseException, text: str) -> None:
    lines = [f"{type(error).__name__}: {text}"]
    error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]  # IPython asks for it


class IntercomMagics:
    """The magics of one shell, and which connector they ask."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._source = Source()

        def matcher(context: CompletionContext) -> Any:  # marked, which a method cannot be
            return self._complete(context)

        self.matcher = context_matcher(identifier=__name__)(matcher)

    @no_var_expand
    @needs_local_scope
    @_short_errors()
    def intercom(
        self, line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None
    ) -> Any:
        """Ask an Intercom workspace, and get a DataFrame: ``%intercom contacts list --limit 100``.

        %intercom [df <<] ENTITY ACTION [ID] [--PARAMETER VALUE ...] [--limit N|all] [-c NAME]
        %%intercom [df <<] ENTITY search       with a query in the lines below
        %intercom login                        a form to connect by
        %intercom use [NAME]                   the variable that holds the connector
        %intercom ENTITY [ACTION] --help       what there is, and what it takes
        """
        refused = credential_error(self._shell, line, cell)
        if refused is not None:
            del line, cell
            raise refused
        variables = {**self._shell.user_ns, **(local_ns or {})}
        target, rest = take_target(line)
        asked = read_line(split(rest), variables)
        if asked.help or not asked.words:
            sys.stdout.write(manual(asked, self._operations(asked, variables)))
            return None
        if asked.words[0].text in self._commands:
            _refuse_body(asked.words[0], target, cell)
            return self._commands[asked.words[0].text](self, asked, variables)
        return self._given(target, self._ask(asked, cell, variables))

    @no_var_expand
    @needs_local_scope
    @_short_errors()
    def intercom_sql(self, line: str, cell: str, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Ask an extracted dataset by SQL: ``%%intercom_sql acme/ df <<``.

        %%intercom_sql FOLDER [df <<] [--NAME VALUE ...]
        The query is below. $name in it is the option --name, or else the variable of that name.
        """
        variables = {**self._shell.user_ns, **(local_ns or {})}
        target, frame = run_sql(line, cell, variables)
        return self._given(target, frame)

    def _ask(self, asked: Line, cell: str | None, variables: Mapping[str, Any]) -> Any:
        words = asked.words
        operation = operation_of(words)
        connector = self._source.connector(asked.connector, variables)
        operation = connector.resolve_operation(operation)
        given = arguments(operation, words[2:], variables)
        body = read_body(operation, cell or "", variables)
        twice = given.keys() & body.keys()
        if twice:
            raise InvalidParameterError(
                f"{operation.name}: {', '.join(sorted(twice))} is on the line and in the cell."
            )
        self._tell(connector, asked.connector)
        result = portal.run(connector.run_operation(operation, (), {**given, **body}))
        _tell_cut(result)
        return result

    def _login(self, asked: Line, variables: Mapping[str, Any]) -> Any:
        from ..widgets.login.login_form import LoginForm, login  # brings the widgets

        _refuse_more(asked.words, 1)
        form = login()
        if isinstance(form, LoginForm):  # and not the text where nobody can fill one in
            self._source.choose(form=form)
        return form

    def _use(self, asked: Line, variables: Mapping[str, Any]) -> None:
        _refuse_more(asked.words, 2)
        if len(asked.words) == 2:
            name = asked.words[1].text
            connector = self._source.connector(name, variables)
            self._source.choose(name=name)
        else:
            connector = self._source.connector(asked.connector, variables)
        self._source.told = None
        self._tell(connector, asked.connector)

    _commands: Mapping[str, Callable[[IntercomMagics, Line, Mapping[str, Any]], Any]] = {
        "login": _login,
        "use": _use,
    }

    def _tell(self, connector: IntercomConnector, name: str | None) -> None:
        """Say which connector is asked, when it is another one than the last time."""
        if connector is not self._source.told:
            self._source.told = connector
            sys.stdout.write(f"Using {self._source.where(name)}: {connector!r}\n")

    def _operations(self, asked: Line, variables: Mapping[str, Any]) -> list[Any]:
        try:
            return self._source.connector(asked.connector, variables).operations()
        except IntercomError:  # help needs none
            return [op for op in catalog.operations() if not op.hosted_only]

    def _given(self, target: str | None, result: Any) -> Any:
        """Give the cell its value, or the variable in front of ``<<`` its own."""
        if target is None:
            return result
        self._shell.user_ns[target] = result
        what = repr(result)
        if isinstance(result, pd.DataFrame):
            what = f"{result.shape[0]:,} rows, {result.shape[1]:,} columns"
        sys.stdout.write(f"{target}: {what}\n")
        return None

    def _complete(self, context: CompletionContext) -> Any:
        variables = self._shell.user_ns
        found = offer(
            context.full_text,
            context.cursor_line,
            context.cursor_position,
            variables,
            connectors(variables),
        )
        if found is None:
            return {"completions": [], "suppress": False}
        return {
            "completions": [SimpleCompletion(text=name, type="intercom") for name in found.names],
            "matched_fragment": found.typed,
            "suppress": True,
            "ordered": True,
        }


def _tell_cut(result: Any) -> None:
    info = result.attrs.get(KEY, {}) if isinstance(result, pd.DataFrame) else {}
    if info.get("truncated") and info.get("limit_is_default"):
        of = f" of {info['total_count']:,}" if info["total_count"] is not None else ""
        sys.stderr.write(
            f"These are the first {len(result):,}{of} records. All of them: --limit {ALL}\n"
        )


def _refuse_body(word: Word, target: str | None, cell: str | None) -> None:
    if cell is not None and cell.strip():
        raise InvalidParameterError(f"%intercom {word.text} takes no lines below.")
    if target is not None:
        raise InvalidParameterError(f"%intercom {word.text} gives no result to assign.")


def _refuse_more(words: list[Word], most: int) -> None:
    if len(words) > most:
        takes = "nothing: what it needs goes into the form" if most == 1 else "one name"
        raise InvalidParameterError(f"%intercom {words[0].text} takes {takes}.")
