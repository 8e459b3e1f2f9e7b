"""Delete what no notebook loads from the installed packages of the image."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

UNUSED = [
    "**/tests",  # of numpy, pandas, PyArrow and others
    "pyarrow/include",  # C++ headers
    "pyarrow/*flight*",  # a protocol between servers
    "pyarrow/*_s3*",  # the demo reads no cloud storage
    "babel/locale-data/[!er]*.dat",  # keeps English and the root
    "jupyterlab/galata",  # JupyterLab's own browser tests
]


def main() -> None:
    """Delete it."""
    packages = Path(sysconfig.get_path("purelib"))
    for pattern in UNUSED:
        for path in list(packages.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
