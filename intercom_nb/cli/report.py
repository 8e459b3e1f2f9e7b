"""``intercom-nb report``: the support report from a shell."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import InvalidParameterError
from . import job

DESCRIPTION = (
    "Write a support report as one HTML page. The credential comes from the environment, .env or "
    "the keyring; --demo uses the demo workspace, --dataset an extracted folder."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``intercom-nb report``."""
    parser.add_argument(
        "period", help="2026-10, 2026-W41, 2026-Q3, 2026, 2026-10-05, last-month, last-week, ..."
    )
    parser.add_argument("--demo", action="store_true", help="use the embedded demo workspace")
    parser.add_argument("--dataset", metavar="FOLDER", help="use an extracted dataset")
    parser.add_argument(
        "--to", metavar="FILE", help="file to write (default: intercom-report-PERIOD.html)"
    )
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    parser.add_argument("--zone", help="time zone (default: the workspace's own)")
    parser.add_argument(
        "--first-reply", metavar="TIME", help="target for the first reply, such as 1h"
    )
    parser.add_argument("--close", metavar="TIME", help="target for the close, such as 2d")
    parser.add_argument(
        "--mask",
        action="store_true",
        help=f"show pseudonyms for teammates and companies; {job.MASK_HELP}",
    )
    job.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Build the report, write it, and print its sentences and notes.

    Returns 3 if the data does not cover the period or the previous period.
    """
    if args.to is not None:
        _check_file(Path(args.to), args)
    from ..analysis.periods import check_zone, period_of
    from ..reporting.build import report

    # Refused before anything is fetched; the zone decides the exact period later.
    label = period_of(args.period, check_zone(args.zone or "UTC")).label
    file = Path(args.to or f"intercom-report-{label}.html")
    _check_file(file, args)
    with job.logged(args):
        made = report(
            _source(args),
            args.period,
            zone=args.zone,
            first_reply=args.first_reply,
            close=args.close,
            mask=args.mask and (job.mask_key() or True),
        )
        made.save(file, overwrite=args.force)
        job.finish(args, "\n".join([*made.sentences, *made.notes, f"Saved to {file}"]))
    return job.DONE if made.is_complete else job.INCOMPLETE


def _check_file(file: Path, args: argparse.Namespace) -> None:
    if file.suffix.lower() not in {"", ".html", ".htm"}:
        raise InvalidParameterError(
            f"{file}: the report is an HTML page, so its file ends in .html, not in {file.suffix}."
        )
    if file.exists() and not args.force:
        raise InvalidParameterError(f"{file} already exists. Use --force to replace it.")


def _source(args: argparse.Namespace) -> object:
    if args.dataset is None:
        from ..connector.connect import connect

        return connect("demo" if args.demo else None)
    if args.demo:
        raise InvalidParameterError("Use either --demo or --dataset, not both.")
    from ..dataset import open_dataset

    return open_dataset(args.dataset)
