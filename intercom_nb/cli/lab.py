"""``intercom-nb lab``: JupyterLab on the user's own copies of the notebooks."""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

from ..errors import ConfigurationError, UnsupportedError

DESCRIPTION = "Copy the notebooks to a folder, without replacing any, and open JupyterLab there."
FOLDER = "intercom-notebooks"
INDEX = "00_index.ipynb"


@dataclasses.dataclass(frozen=True)
class Copied:
    """Result of a copy: notebooks that are new, kept as they were, and different from ours."""

    folder: Path
    new: list[str]
    kept: list[str]
    changed: list[str]

    def __str__(self) -> str:
        """Return a summary, one fact per line."""
        lines = [f"Notebooks: {self.folder.resolve()}"]
        if self.new:
            lines.append(f"Copied: {', '.join(self.new)}")
        if self.kept:
            lines.append(f"Already there and unchanged: {len(self.kept)}")
        if self.changed:
            lines.append(
                f"Different from this version: {', '.join(self.changed)}. "
                "To get this version's notebooks, use another folder."
            )
        return "\n".join(lines)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``intercom-nb lab``."""
    parser.add_argument(
        "folder", nargs="?", default=FOLDER, help=f"folder for your copies (default: {FOLDER})"
    )
    parser.add_argument(
        "--copy-only", action="store_true", help="copy the notebooks without opening JupyterLab"
    )
    parser.add_argument(
        "--lab-arg",
        action="append",
        default=[],
        metavar="ARG",
        help="argument for JupyterLab, such as --lab-arg=--no-browser (repeatable)",
    )


def run(args: argparse.Namespace) -> int:
    """Copy the notebooks and open JupyterLab on their index.

    Raises UnsupportedError if JupyterLab is not installed.
    """
    if not args.copy_only and importlib.util.find_spec("jupyterlab") is None:
        raise UnsupportedError(
            "JupyterLab is not installed. Run: pip install 'intercom-nb[lab,charts]'"
        )
    copied = copy_notebooks(Path(args.folder))
    sys.stdout.write(f"{copied}\n")
    sys.stdout.flush()
    if args.copy_only:
        return 0
    command = [sys.executable, "-m", "jupyterlab", *args.lab_arg, INDEX]
    return subprocess.run(command, cwd=copied.folder, check=False).returncode  # noqa: S603


def copy_notebooks(folder: Path) -> Copied:
    """Copy the notebooks that the folder lacks; never replace a file.

    Raises ConfigurationError if the folder cannot be created or written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     "00_index.ipynb" in copy_notebooks(Path(folder)).new
    True
    """
    source = notebooks()
    new, kept, changed = [], [], []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(source.glob("*.ipynb")):
            if _copy_new(file, folder / file.name):
                new.append(file.name)
                continue
            kept.append(file.name)
            if (folder / file.name).read_bytes() != file.read_bytes():
                changed.append(file.name)
    except OSError as error:
        raise ConfigurationError(f"Notebooks cannot be copied to {folder}: {error}") from None
    return Copied(folder, new, kept, changed)


def notebooks() -> Path:
    """Return the folder of the notebooks: in the installed package, or beside it in a checkout.

    Raises ConfigurationError if there is none.
    """
    package = Path(str(resources.files("intercom_nb")))
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if (folder / INDEX).is_file():
            return folder
    raise ConfigurationError("This installation lacks the notebooks. Reinstall intercom-nb.")


def _copy_new(source: Path, target: Path) -> bool:
    """Copy a file unless it exists, in one step, so that a user's file is never replaced."""
    try:
        with target.open("xb") as out, source.open("rb") as original:
            shutil.copyfileobj(original, out)
    except FileExistsError:
        return False
    return True
