"""``intercom-nb lab``: JupyterLab on a copy of the notebooks, in a folder of one's own."""

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

FOLDER = "intercom-notebooks"
INDEX = "00_index.ipynb"


@dataclasses.dataclass(frozen=True)
class Copied:
    """What became of the notebooks: copied now, kept since they were there, kept and older."""

    folder: Path
    new: list[str]
    kept: list[str]
    changed: list[str]

    def __str__(self) -> str:
        """Say what happened, one fact a line."""
        lines = [f"Notebooks: {self.folder.resolve()}"]
        if self.new:
            lines.append(f"Copied: {', '.join(self.new)}")
        if self.kept:
            lines.append(f"Already there, not touched: {len(self.kept)}")
        if self.changed:
            lines.append(
                f"Yours differ from those of this version: {', '.join(self.changed)}. "
                "To see the new ones, give another folder."
            )
        return "\n".join(lines)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``intercom-nb lab`` takes."""
    parser.add_argument(
        "folder", nargs="?", default=FOLDER, help=f"where your copies go (default: {FOLDER})"
    )
    parser.add_argument(
        "--copy-only", action="store_true", help="copy the notebooks and do not open JupyterLab"
    )
    parser.add_argument(
        "--lab-arg",
        action="append",
        default=[],
        metavar="ARG",
        help="pass on to JupyterLab, like --lab-arg=--no-browser (can be repeated)",
    )


def run(args: argparse.Namespace) -> int:
    """Copy the notebooks, and open JupyterLab on their index."""
    if not args.copy_only and importlib.util.find_spec("jupyterlab") is None:
        raise UnsupportedError("This needs JupyterLab: pip install 'intercom-nb[lab,charts]'.")
    copied = copy_notebooks(Path(args.folder))
    sys.stdout.write(f"{copied}\n")
    sys.stdout.flush()
    if args.copy_only:
        return 0
    command = [sys.executable, "-m", "jupyterlab", *args.lab_arg, INDEX]
    return subprocess.run(command, cwd=copied.folder, check=False).returncode  # noqa: S603


def copy_notebooks(folder: Path) -> Copied:
    """Copy the notebooks that are not there yet into a folder; never touch what is.

    Raises ConfigurationError when the folder cannot be made or written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     "00_index.ipynb" in copy_notebooks(Path(place)).new
    True
    """
    source = notebooks()
    new, kept, changed = [], [], []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(source.glob("*.ipynb")):
            if _copied(file, folder / file.name):
                new.append(file.name)
                continue
            kept.append(file.name)
            if (folder / file.name).read_bytes() != file.read_bytes():
                changed.append(file.name)
    except OSError as error:
        raise ConfigurationError(f"The notebooks cannot be copied to {folder}: {error}") from None
    return Copied(folder, new, kept, changed)


def notebooks() -> Path:
    """Give the folder of the notebooks: inside the installed package, or beside it in a checkout.

    Raises ConfigurationError when there is none.
    """
    package = Path(str(resources.files("intercom_nb")))
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if (folder / INDEX).is_file():
            return folder
    raise ConfigurationError("This installation has no notebooks; install intercom-nb again.")


def _copied(source: Path, target: Path) -> bool:
    """Copy a file unless there is one; in one step, so that nobody's file is ever replaced."""
    try:
        with target.open("xb") as out, source.open("rb") as original:
            shutil.copyfileobj(original, out)
    except FileExistsError:
        return False
    return True
