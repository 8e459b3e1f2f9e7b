"""Entry point of ``intercom-nb``: commands, options and exit statuses."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..errors import IntercomError, InvalidParameterError, UnknownNameError
from . import demo, execute, extract, job, lab, mcp, report
from .terminal import drop_unwritable, escape_unencodable, printable

_COMMANDS = {
    "demo": (demo, "serve the demo workspace on this machine"),
    "execute": (execute, "run one operation and print its page"),
    "extract": (extract, "download one entity, or all of them, to a folder of Parquet files"),
    "report": (report, "write a support report for a period as one HTML page"),
    "mcp": (mcp, "serve the workspace to AI agents (Model Context Protocol)"),
    "lab": (lab, "open JupyterLab on your own copies of the notebooks"),
}
_EXIT_STATUSES = (
    "Exit status: 0 success, 1 error, 2 usage error, 3 incomplete data (extract, report), "
    "130 interrupted."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0 success, 1 error, 2 usage error, 3 incomplete data (extract, report), 130 interrupted.
    """
    escape_unencodable()
    args, unknown = build_parser().parse_known_args(argv)
    if unknown:  # parse_args() would print the usage of all commands, not of this one
        args.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        status: int = args.run(args)
        sys.stdout.flush()  # at exit, an error would have no message and status 120
    except IntercomError as error:
        print(f"intercom-nb: {printable(error)}", file=sys.stderr)
        job.log_failure(error)
        is_usage = isinstance(error, InvalidParameterError | UnknownNameError)
        return job.USAGE if is_usage else job.FAILED
    except OSError as error:  # the file system's: a path that cannot be written, a full disk
        reason = error.strerror or str(error)
        text = printable(f"{error.filename}: {reason}" if error.filename else reason)
        if not isinstance(error, BrokenPipeError):  # the reader has enough, such as head
            print(f"intercom-nb: {text}", file=sys.stderr)
        job.log_failure(error)
        drop_unwritable()
        return job.FAILED
    except KeyboardInterrupt:
        print("intercom-nb: interrupted", file=sys.stderr)
        return 130
    return status


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="intercom-nb",
        description="Explore an Intercom workspace from Jupyter or a shell.",
        epilog=_EXIT_STATUSES,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (module, help_text) in _COMMANDS.items():
        command = commands.add_parser(
            name, help=help_text, description=module.DESCRIPTION, epilog=_EXIT_STATUSES
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run, parser=command)
    return parser
