"""Play a newcomer, from a bare folder to a report on a workspace, and print how long it takes.

    python tools/newcomer.py [--python /usr/bin/python3]

Clones this repository's last commit into an empty folder, with an empty home and nothing but
Python and make. Runs `make lab` and the quickstart in Chromium: first on the demo, then with a
token in `.env` on `intercom-nb demo`, which stands for a workspace of one's own. Needs the
environment of `make check` and a Chromium.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from newcomer_browser import SIGNS, QuickstartPage, open_quickstart

ROOT = Path(__file__).resolve().parents[1]
WAITING = 90  # seconds: target beside downloads
IN_ALL = 300  # seconds: target
DOWNLOADS = "downloads"
# The way to the package registries; nothing else of the environment that this runs in.
KEPT = ("PIP_", "SSL_", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "OPENBLAS_")
LAB_ARGS = "--allow-root --no-browser --ServerApp.port=0 --LabApp.expose_app_in_browser=True"
LAB_URL = r"http://127\.0\.0\.1:\d+/lab\?token=\w+"
DEMO_URL = r"http://127\.0\.0\.1:\d+"


class Newcomer:
    """A checkout, a home and an environment of its own, and the seconds of each step."""

    def __init__(self, folder: Path, python: str) -> None:
        self.folder = folder
        self.checkout = folder / "intercom_nb"
        self.python = python
        self.seconds: dict[str, float] = {}
        self.environment = {
            **{name: value for name, value in os.environ.items() if name.startswith(KEPT)},
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
        }
        (folder / "home").mkdir()
        self.checkout.mkdir()

    def run(self, *command: str | Path, **more: str) -> None:
        """Run a command in the checkout; exit with its errors if it fails."""
        environment = self.environment | more
        done = subprocess.run(
            command, cwd=self.checkout, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"{command} failed:\n{done.stdout}{done.stderr}")

    @contextmanager
    def serve(self, *command: str | Path, url: str) -> Iterator[str]:
        """Start a server in the checkout and yield the address that it prints."""
        log = self.folder / f"{Path(command[0]).name}.log"
        with (
            log.open("w") as out,
            subprocess.Popen(
                command, cwd=self.checkout, env=self.environment, stdout=out, stderr=out
            ) as process,
        ):
            try:
                while not (found := re.search(url, log.read_text())):
                    if process.poll() is not None:
                        sys.exit(f"{command} ended:\n{log.read_text()}")
                    time.sleep(0.05)
                yield found[0]
            finally:
                process.terminate()

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Print how long a step takes."""
        started = time.perf_counter()
        yield
        self.seconds[step] = time.perf_counter() - started
        print(f"{self.seconds[step]:7.1f} s  {step}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--python", default="/usr/bin/python3", help="the newcomer's Python")
    python = parser.parse_args().python
    # With more work than CPUs, the seconds measure the neighbors; those of CPU do not.
    print(f"{os.cpu_count()} CPUs, load average {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="newcomer-") as folder:
        newcomer = Newcomer(Path(folder), python)
        packages = download(newcomer)
        install(newcomer, packages)
        use(newcomer)
    used = os.times()
    print(f"{used.children_user + used.children_system:7.1f} s  of CPU, browser included")
    total = sum(newcomer.seconds.values())
    waiting = total - newcomer.seconds[DOWNLOADS]
    print(f"{waiting:7.1f} s  of waiting beside downloads (target: {WAITING} s)")
    print(f"{total:7.1f} s  in all (target: {IN_ALL} s)")
    return int(waiting > WAITING or total > IN_ALL)


def download(newcomer: Newcomer) -> Path:
    """Clone the repository and download what `make lab` installs; return the folder of packages."""
    packages = newcomer.folder / "packages"
    extras = re.search(r"LAB_PACKAGES := (.+)", (ROOT / "Makefile").read_text("utf-8"))
    if extras is None:
        sys.exit("The Makefile does not say what `make lab` installs.")
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    with newcomer.timed(DOWNLOADS):
        newcomer.run("git", "clone", "--quiet", ROOT, ".")
        pip = [newcomer.python, "-m", "pip", "download", "--quiet", "--dest", packages]
        pinned = ["--constraint", "constraints.txt"]
        newcomer.run(*pip, *pinned, extras[1], *build, "editables", "pip", "uv")
    size = sum(file.stat().st_size for file in packages.iterdir()) / 1e6
    print(f"{size:6.0f} MB  downloaded")
    return packages


def install(newcomer: Newcomer, packages: Path) -> None:
    """Run the first half of `make lab`, from the packages that are downloaded."""
    with newcomer.timed("make lab: installed"):
        offline = {f"{tool}_NO_INDEX": "1" for tool in ("PIP", "UV")}
        offline |= {f"{tool}_FIND_LINKS": str(packages) for tool in ("PIP", "UV")}
        newcomer.run("make", f"PYTHON={newcomer.python}", ".venv/.lab", **offline)


def use(newcomer: Newcomer) -> None:
    """Run the quickstart in the browser, on the demo and then on a workspace of one's own."""
    make = ["make", f"PYTHON={newcomer.python}", "lab", f"LAB_ARGS={LAB_ARGS}"]
    demo = [newcomer.checkout / ".venv/bin/intercom-nb", "demo", "--port", "0"]
    with ExitStack() as stack:
        with newcomer.timed("make lab: JupyterLab is open"):
            address = stack.enter_context(newcomer.serve(*make, url=LAB_URL))
            address = address.replace("/lab?", "/lab/tree/01_quickstart.ipynb?")
            page = stack.enter_context(open_quickstart(address))
        page.run_all()
        wait_for_report(newcomer, page, "demo")
        workspace = stack.enter_context(newcomer.serve(*demo, url=DEMO_URL))
        env = newcomer.checkout / "notebooks/.env"
        env.write_text("INTERCOM_ACCESS_TOKEN=demo\n", encoding="utf-8")
        with newcomer.timed("own token: kernel restarted"):
            page.restart()
        connect = f"inb.connect(base_url={workspace!r})"
        page.type_in_first_cell(f"import intercom_nb as inb\nc = {connect}")
        page.run_all()
        wait_for_report(newcomer, page, "own token")


def wait_for_report(newcomer: Newcomer, page: QuickstartPage, whose: str) -> None:
    """Time the outputs of the running notebook up to the report."""
    for sign in SIGNS:
        with newcomer.timed(f"{whose}: {sign}"):
            page.wait_for_output(sign)


if __name__ == "__main__":
    sys.exit(main())
