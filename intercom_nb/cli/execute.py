"""``intercom-nb execute``: one operation, printed as a table, CSV or JSON lines."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from ..errors import InvalidParameterError, WritesNotAllowedError
from . import job
from .terminal import printable, write_data

DESCRIPTION = (
    "Run one operation with one request. The credential comes from the environment, .env or the "
    "keyring; --demo uses the demo workspace."
)

_OBJECT = 'Write an object in single quotes, such as \'{"id": "123"}\'.'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``intercom-nb execute``."""
    parser.add_argument("entity", help="entity, such as contacts")
    parser.add_argument("action", help="action, such as list")
    parser.add_argument("params", nargs="?", default="{}", help="parameters as a JSON object")
    parser.add_argument("--demo", action="store_true", help="use the embedded demo workspace")
    parser.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="output format"
    )
    parser.add_argument(
        "--mask",
        action="store_true",
        help="print pseudonyms and no message text, and list on stderr what stayed; "
        + job.MASK_HELP,
    )
    parser.add_argument(
        "--allow-writes", action="store_true", help="allow actions that change the workspace"
    )


def run(args: argparse.Namespace) -> int:
    """Run the operation and print its page.

    Raises InvalidParameterError for parameters that are not a JSON object.
    """
    from ..connector.connect import connect
    from ..frames.export import export  # text that a spreadsheet would run becomes harmless

    connector = connect("demo" if args.demo else None, allow_writes=args.allow_writes)
    params = read_json(args.params, "params")
    try:
        frame = connector.sync.execute(args.entity, args.action, params)
    except WritesNotAllowedError:
        raise WritesNotAllowedError(
            f"{args.entity}.{args.action} changes the workspace. Add --allow-writes to allow it."
        ) from None
    if args.mask:
        accessor: Any = frame.intercom
        frame = accessor.mask(job.mask_key(), texts=True)
        left = ", ".join(frame.attrs["intercom"]["not_masked"])
        print(printable(f"Not masked: {left or 'nothing'}."), file=sys.stderr)
    if args.format == "csv":
        write_data(printable(export(frame, "csv").decode()))
    elif args.format == "json":
        text = frame.to_json(orient="records", lines=True, date_format="iso")
        write_data(printable(text))
    else:
        print(printable(frame.to_string(max_rows=50, max_cols=8)))
    return 0


def read_json(text: str, name: str) -> dict[str, object]:
    """Parse a JSON object from the command line; raises InvalidParameterError."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise InvalidParameterError(f"{name} is not JSON: {error}. {_OBJECT}") from None
    if not isinstance(value, dict):
        raise InvalidParameterError(f"{name} is not a JSON object. {_OBJECT}")
    return value
