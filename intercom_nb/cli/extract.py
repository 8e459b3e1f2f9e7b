"""``intercom-nb extract``: the arguments, and what is done with them."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..connector.connector import IntercomConnector


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    parser.add_argument("entity", help="what to extract, like conversations, or all")
    parser.add_argument("--to", required=True, help="the folder; a second run updates it")
    parser.add_argument("--since", help="created from then on: 2026-01-01, or 90d")
    parser.add_argument("--until", help="created before then")
    parser.add_argument("--with-parts", action="store_true", help="the messages too")
    parser.add_argument("--complete", action="store_true", help="lists that the API cuts, whole")
    parser.add_argument("--concurrency", type=int, help="slices side by side")


def run(connector: IntercomConnector, args: argparse.Namespace) -> int:
    """Extract, and say what there is; an interrupt leaves a dataset that can be resumed."""
    names = ("since", "until", "with_parts", "complete", "concurrency")
    options = {name: getattr(args, name) for name in names}
    if args.entity == "all":
        found = connector.sync.extract_all(args.to, **options)
    else:
        found = connector.sync.extract(args.entity, args.to, **options)
    sys.stdout.write(f"{found.describe()!r}\n")
    return 0
