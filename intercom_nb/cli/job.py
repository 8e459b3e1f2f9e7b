"""Options and exit statuses of commands that run unattended: quiet output and a log file."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import ConfigurationError
from .terminal import printable

DONE, FAILED, USAGE, INCOMPLETE = 0, 1, 2, 3
_LOGGER = logging.getLogger("intercom_nb.cli")
_LOGGER.addHandler(logging.NullHandler())  # without it, logging prints errors a second time


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of unattended runs."""
    parser.add_argument(
        "--quiet", action="store_true", help="print nothing but errors, which go to stderr"
    )
    parser.add_argument(
        "--log", metavar="FILE", help="append what happened to this file, with UTC times"
    )


def port(text: str) -> int:
    """Parse a port, as the type of an argument."""
    if not text.isdecimal() or int(text) > 65_535:  # 16 bits
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: use 0 to 65535")
    return int(text)


MASK_KEY = "INTERCOM_NB_MASK_KEY"
MASK_HELP = f"their key is in {MASK_KEY} (default: a new one in each run)"


def mask_key() -> str | None:
    """Return the key of pseudonyms from the environment; it is never an argument of a command."""
    return os.environ.get(MASK_KEY) or None


@contextmanager
def logged(args: argparse.Namespace) -> Iterator[list[str]]:
    """Write warnings to the log and, unless quiet, to stderr; yield the warnings of the run.

    Raises ConfigurationError if the log file cannot be opened.
    """
    handler = _open_log(args.log) if args.log else None
    if handler is not None:
        _LOGGER.addHandler(handler)
        _LOGGER.setLevel(logging.INFO)
        _LOGGER.propagate = False
    found: list[str] = []
    try:
        with warnings.catch_warnings():
            # A deprecation inside a dependency does not make the job incomplete.
            warnings.simplefilter("ignore")
            warnings.simplefilter("default", UserWarning)
            warnings.showwarning = lambda message, *_, **__: _warn(str(message), found, args)
            yield found
    except BaseException as error:
        log_failure(error)
        raise
    finally:
        if handler is not None:
            _LOGGER.removeHandler(handler)
            handler.close()


def finish(args: argparse.Namespace, text: str) -> None:
    """Print the result unless quiet, and log it."""
    _LOGGER.info("%s", printable(text))
    if not args.quiet:
        sys.stdout.write(f"{printable(text)}\n")


def log_failure(error: BaseException) -> None:
    """Log an error that ends the run."""
    _LOGGER.error("%s", printable(error) or type(error).__name__)


def _warn(message: str, found: list[str], args: argparse.Namespace) -> None:
    found.append(message)
    _LOGGER.warning("%s", printable(message))
    if not args.quiet:
        print(f"intercom-nb: {printable(message)}", file=sys.stderr)


def _open_log(name: str) -> logging.Handler:
    try:
        handler = logging.FileHandler(Path(name), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"Cannot write the log {name}: {error.strerror}.") from None
    form = logging.Formatter("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(form)
    return handler
