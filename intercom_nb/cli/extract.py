"""``intercom-nb extract``: entities of a workspace to a folder of Parquet files."""

from __future__ import annotations

import argparse

from . import job
from .execute import read_json

DESCRIPTION = (
    "Download to a folder of Parquet files. Run it again to update the folder or to resume. The "
    "credential comes from the environment, .env or the keyring; --demo uses the demo workspace."
)
_OPTIONS = ("since", "until", "with_parts", "complete", "concurrency")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``intercom-nb extract``."""
    parser.add_argument("--demo", action="store_true", help="use the embedded demo workspace")
    parser.add_argument("entity", help="entity to extract, such as conversations, or all")
    parser.add_argument("--to", required=True, metavar="FOLDER", help="folder to write or update")
    parser.add_argument("--since", help="created at or after: 2026-01-01, or 90d")
    parser.add_argument("--until", help="created before: 2026-02-01")
    parser.add_argument(
        "--where", metavar="JSON", help='filter, such as \'{"state": "open"}\' (not with all)'
    )
    parser.add_argument("--with-parts", action="store_true", help="include messages")
    parser.add_argument(
        "--complete",
        action="store_true",
        help="fetch in full the lists that the API truncates at ten items",
    )
    parser.add_argument("--concurrency", type=int, help="maximum number of slices read in parallel")
    parser.add_argument(
        "--mask",
        metavar="FOLDER",
        help="also write a copy with pseudonyms and without message text to this folder; "
        f"{job.MASK_HELP}",
    )
    job.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Extract, print a summary, and return 3 if the data is incomplete.

    An interrupted run leaves a dataset that the next run resumes.
    """
    from ..connector.connect import connect

    options: dict[str, object] = {name: getattr(args, name) for name in _OPTIONS}
    if args.where is not None:
        options["where"] = read_json(args.where, "--where")
    if args.quiet:
        options["progress"] = False
    with job.logged(args) as warned:
        sync = connect("demo" if args.demo else None).sync
        if args.entity == "all":
            dataset = sync.extract_all(args.to, **options)
        else:
            dataset = sync.extract(args.entity, args.to, **options)
        audit = dataset.audit
        differs = audit[audit["state"] == "differs"]
        text = repr(dataset.describe())
        if len(differs):
            entities = ", ".join(sorted(set(differs["entity"])))
            text += (
                f"\nIncomplete: {len(differs)} slices of {entities} differ from the API's count; "
                "see dataset.audit. Run again to re-read them."
            )
        if args.mask is not None:
            left = dataset.mask(args.mask, job.mask_key(), texts=True)
            columns = [f"\n  {t}: {', '.join(own['column'])}" for t, own in left.groupby("table")]
            text += f"\nMasked copy in {args.mask}. Not masked:{''.join(columns) or ' nothing'}"
        job.finish(args, text)
    return job.INCOMPLETE if warned or len(differs) else job.DONE
