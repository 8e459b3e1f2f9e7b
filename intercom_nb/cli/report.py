"""``intercom-nb report``: the report from a shell."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import InvalidParameterError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``intercom-nb report`` takes."""
    parser.add_argument("period", help="2026-10, 2026-W41, 2026-Q3, 2026 or a day")
    parser.add_argument("--demo", action="store_true", help="use the embedded demo workspace")
    parser.add_argument("--dataset", metavar="FOLDER", help="use an extracted dataset")
    parser.add_argument("--to", metavar="FILE", help="the file to write (default: by the period)")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    parser.add_argument("--zone", help="time zone (default: the workspace's own)")
    parser.add_argument("--first-reply", metavar="TIME", help="target for the first reply, like 1h")
    parser.add_argument("--close", metavar="TIME", help="target for the first close, like 2d")


def run(args: argparse.Namespace) -> int:
    """Make the report, write it, and print its sentences and what must be known about it."""
    file = Path(args.to or f"intercom-report-{args.period}.html")
    if file.exists() and not args.force:
        raise InvalidParameterError(f"{file} is there already; --force replaces it.")
    from ..reporting.build import report

    made = report(
        _source(args),
        args.period,
        zone=args.zone,
        first_reply=args.first_reply,
        close=args.close,
    )
    made.save(file, overwrite=args.force)
    sys.stdout.write("\n".join([*made.sentences, *made.notes, f"Written to {file}", ""]))
    return 0


def _source(args: argparse.Namespace) -> object:
    if args.dataset is None:
        from ..connector.connect import connect

        return connect("demo" if args.demo else None)
    if args.demo:
        raise InvalidParameterError("Give --demo or --dataset, not both.")
    from ..dataset import open_dataset

    return open_dataset(args.dataset)
