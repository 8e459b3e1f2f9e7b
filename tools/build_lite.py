"""Build an experimental JupyterLite site: the notebooks and this package, for any static host.

    make lite                                  with the core of Pyodide, from npm
    make lite PYODIDE=path/to/its/folder       with a whole distribution, unpacked

Writes build/lite. The core lacks nh3, numpy, pandas and PyArrow, which only Pyodide's own
distribution has. Without them a kernel starts and the demo workspace responds, but
no notebook runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "build/lite"
WORK = ROOT / "build/lite-work"
JUPYTER_LITE = ROOT / "build/lite-env/bin/jupyter-lite"

NPM_PACKAGE = "pyodide@314.0.7"
PYTHON = ["--python-version", "3.14", "--abi", "cp314", "--platform", "pyemscripten_2026_0_wasm32"]
LOADER = ["micropip", "packaging"]  # what the kernel itself loads with Pyodide's own loader
# What the kernel and the package import, as far as it is on the package index for Pyodide.
KERNEL = """
    asttokens comm decorator executing ipython ipython-pygments-lexers jedi matplotlib-inline parso
    prompt-toolkit pure-eval pygments six stack-data traitlets typing-extensions wcwidth
"""
PACKAGE = """
    anyio anywidget certifi filelock h11 httpcore httpx idna ipywidgets jupyterlab-widgets msgspec
    nest-asyncio2 psygnal python-dateutil python-dotenv sniffio tqdm
"""

INSTALL = {
    "cell_type": "code",
    "execution_count": None,
    "id": "install",
    "metadata": {},
    "outputs": [],
    "source": "%pip install -q intercom-nb",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pyodide", type=Path, help="folder of a whole Pyodide distribution")
    build(SITE, WORK, JUPYTER_LITE, parser.parse_args().pyodide)
    print(f"{SITE.relative_to(ROOT)}: experimental. To see it: python -m http.server -d build/lite")
    return 0


def build(site: Path, work: Path, jupyter_lite: Path, pyodide: Path | None = None) -> None:
    """Build the site from what is collected in a folder for work; both are emptied before."""
    for folder in (site, work):
        shutil.rmtree(folder, ignore_errors=True)
    copy_notebooks(work / "files")
    run(sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--out-dir", work / "pypi")
    download([*KERNEL.split(), *PACKAGE.split()], work / "pypi")
    if pyodide:
        shutil.copytree(pyodide, work / "static/pyodide")
    else:
        install_core(work)
    kernel = {"@jupyterlite/pyodide-kernel-extension:kernel": {"disablePyPIFallback": True}}
    config = {"appName": "intercom_nb", "litePluginSettings": kernel}
    whole = {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}
    write_json(work / "jupyter-lite.json", whole)
    command = [jupyter_lite, "build", "--lite-dir", work, "--output-dir", site, "--apps", "lab"]
    run(*command, folder=work)  # it leaves its own database there


def run(*command: str | Path, folder: Path = ROOT) -> None:
    """Run a command; exit with its output if it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")


def copy_notebooks(folder: Path) -> None:
    """Copy the notebooks, each with a first cell that installs the package."""
    folder.mkdir(parents=True)
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        content = json.loads(notebook.read_text(encoding="utf-8"))
        content["cells"].insert(0, INSTALL)
        write_json(folder / notebook.name, content)


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file."""
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")


def download(names: list[str], folder: Path) -> None:
    """Download wheels that run in Pyodide, in their newest versions."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
    run(*pip, "--only-binary", ":all:", *PYTHON, *names)


def install_core(work: Path) -> None:
    """Install Pyodide from npm, with the packages that its kernel loads.

    The lock file names a whole distribution: keep what is here, with the hashes of these files.
    """
    folder, npm = work / "static/pyodide", work / "npm"
    npm.mkdir()
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", npm, NPM_PACKAGE)
    shutil.copytree(npm / "node_modules/pyodide", folder)
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = {name: lock["packages"][name] for name in LOADER}
    download([f"{name}=={lock['packages'][name]['version']}" for name in LOADER], folder)
    for package in lock["packages"].values():
        wheel = (folder / package["file_name"]).read_bytes()
        package["sha256"] = hashlib.sha256(wheel).hexdigest()
    write_json(folder / "pyodide-lock.json", lock)


if __name__ == "__main__":
    sys.exit(main())
