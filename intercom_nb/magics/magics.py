"""Line and cell magics: called by IPython, they show results and errors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
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
from ..shell.tracebacks import shorten
from .completion import offer
from .connector_lookup import ConnectorLookup, connectors
from .help import manual
from .parser import ALL, Line, arguments, operation_of, read_line
from .query_body import read_body
from .secret_guard import credential_error
from .sql import COMMAND as SQL
from .sql import run_sql
from .tokenizer import Word, split, split_target

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
    """Remove the magics and their completion, if present."""
    for kind in ("line", "cell"):
        for name in (NAME, SQL):
            shell.magics_manager.magics[kind].pop(name, None)
    if shell.Completer is not None:
        ours = [m for m in shell.Completer.custom_matchers if _is_ours(m)]
        for matcher in ours:
            shell.Completer.custom_matchers.remove(matcher)


def _is_ours(matcher: Any) -> bool:
    return getattr(matcher, "matcher_identifier", "") == __name__


class IntercomMagics:
    """The magics of one shell, and the connector they use."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._lookup = ConnectorLookup()

        def matcher(context: CompletionContext) -> Any:  # a method cannot be marked
            return self._complete(context)

        self.matcher = context_matcher(identifier=__name__)(matcher)

    @no_var_expand
    @needs_local_scope
    def intercom(
        self, line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None
    ) -> Any:
        """Query an Intercom workspace as a DataFrame: ``%intercom contacts list --limit 100``.

        %intercom [df <<] ENTITY ACTION [ID] [--PARAMETER VALUE ...] [--limit N|all] [-c NAME]
        %%intercom [df <<] ENTITY search       with a query in the lines below
        %intercom login                        show a form to connect
        %intercom use [NAME]                   choose the connector's variable
        %intercom ENTITY [ACTION] --help       list actions, or the parameters of one
        """
        refused = credential_error(self._shell, line, cell)
        if refused is not None:
            del line, cell
            raise refused
        variables = {**self._shell.user_ns, **(local_ns or {})}
        target, rest = split_target(line)
        parsed = read_line(split(rest), variables)
        if parsed.is_help or not parsed.words:
            sys.stdout.write(manual(parsed, self._operations(parsed, variables)))
            return None
        if parsed.words[0].text in self._commands:
            _refuse_body(parsed.words[0], target, cell)
            return self._commands[parsed.words[0].text](self, parsed, variables)
        return self._assign(target, self._run(parsed, cell, variables))

    @no_var_expand
    @needs_local_scope
    def intercom_sql(self, line: str, cell: str, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Query an extracted dataset with SQL: ``%%intercom_sql acme/ df <<``.

        %%intercom_sql FOLDER [df <<] [--NAME VALUE ...]
        The query follows below. $name in it is the option --name, or the variable of that name.
        """
        refused = credential_error(self._shell, line, cell)
        if refused is not None:
            del line, cell
            raise refused
        variables = {**self._shell.user_ns, **(local_ns or {})}
        try:
            target, frame = run_sql(line, cell, variables)
        except KeyboardInterrupt as error:
            shorten(error, "the query is cancelled")
            raise
        return self._assign(target, frame)

    def _run(self, line: Line, cell: str | None, variables: Mapping[str, Any]) -> Any:
        words = line.words
        operation = operation_of(words)
        connector = self._lookup.connector(line.connector, variables)
        operation = connector.resolve_operation(operation)
        given = arguments(operation, words[2:], variables)
        body = read_body(operation, cell or "", variables)
        twice = given.keys() & body.keys()
        if twice:
            raise InvalidParameterError(
                f"{operation.name}: {', '.join(sorted(twice))} is both on the line and in the cell."
            )
        self._report(connector, line.connector)
        result = portal.run(connector.run_operation(operation, (), {**given, **body}))
        _report_truncation(result)
        return result

    def _login(self, line: Line, variables: Mapping[str, Any]) -> Any:
        from ..widgets.login.login_form import LoginForm, login  # brings the widgets

        _refuse_more(line.words, 1)
        form = login()
        if isinstance(form, LoginForm):  # not the text shown without a front end
            self._lookup.choose(form=form)
        return form

    def _use(self, line: Line, variables: Mapping[str, Any]) -> None:
        _refuse_more(line.words, 2)
        if len(line.words) == 2:
            name = line.words[1].text
            connector = self._lookup.connector(name, variables)
            self._lookup.choose(name=name)
        else:
            connector = self._lookup.connector(line.connector, variables)
        self._lookup.reported = None
        self._report(connector, line.connector)

    _commands: Mapping[str, Callable[[IntercomMagics, Line, Mapping[str, Any]], Any]] = {
        "login": _login,
        "use": _use,
    }

    def _report(self, connector: IntercomConnector, name: str | None) -> None:
        """Print which connector is used, unless it is the same as the last time."""
        if connector is not self._lookup.reported:
            self._lookup.reported = connector
            sys.stdout.write(f"Using {self._lookup.describe(name)}: {connector!r}\n")

    def _operations(self, line: Line, variables: Mapping[str, Any]) -> list[Any]:
        try:
            return self._lookup.connector(line.connector, variables).operations()
        except IntercomError:  # help needs no connector
            return [op for op in catalog.operations() if not op.hosted_only]

    def _assign(self, target: str | None, result: Any) -> Any:
        """Return the result as the value of the cell, or assign it to the variable given."""
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


def _report_truncation(result: Any) -> None:
    info = result.attrs.get(KEY, {}) if isinstance(result, pd.DataFrame) else {}
    if info.get("truncated") and info.get("limit_is_default"):
        of = f" of {info['total_count']:,}" if info["total_count"] is not None else ""
        sys.stderr.write(
            f"Showing the first {len(result):,}{of} records. To load all: --limit {ALL}\n"
        )


def _refuse_body(word: Word, target: str | None, cell: str | None) -> None:
    if cell is not None and cell.strip():
        raise InvalidParameterError(f"%intercom {word.text} takes no lines below it.")
    if target is not None:
        raise InvalidParameterError(f"%intercom {word.text} returns no result to assign.")


def _refuse_more(words: list[Word], most: int) -> None:
    if len(words) > most:
        takes = "no arguments: fill in the form instead" if most == 1 else "one name"
        raise InvalidParameterError(f"%intercom {words[0].text} takes {takes}.")
