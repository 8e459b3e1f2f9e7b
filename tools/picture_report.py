"""Save the picture of a report for the guide: python tools/picture_report.py [--browser PATH].

Makes the demo workspace's report of October 2026, opens it in a Chromium, and writes its upper part
to docs/images/report.png, in few colors so that it stays small.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

import intercom_nb as inb

PICTURE = Path(__file__).resolve().parent.parent / "docs/images/report.png"
SIZE = {"width": 1000, "height": 1010}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--browser", default=shutil.which("chromium"), metavar="PATH")
    arguments = parser.parse_args()
    os.environ.setdefault("INTERCOM_NB_DEMO_DATE", "2026-11-01")
    report = inb.report(inb.connect("demo"), "2026-10", first_reply="1h", close="2d")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = report.save(Path(folder) / "report.html")
        browser = playwright.chromium.launch(
            executable_path=arguments.browser, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(file.as_uri())
        shot = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    shot.convert("RGB").quantize(64).save(PICTURE, optimize=True)
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
