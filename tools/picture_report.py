"""Save the picture of a report for the guide: python tools/picture_report.py [--browser PATH].

Makes the demo workspace's report of October 2026, opens it in a Chromium, and writes its upper part
to docs/images/report.png, in few colors so that it stays small. The picture's metadata has its
text: a test compares it with the report, without a browser.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import tempfile
from pathlib import Path

from PIL import Image, PngImagePlugin
from playwright.sync_api import sync_playwright

import intercom_nb as inb
from intercom_nb.reporting import Report

PICTURE = Path(__file__).resolve().parent.parent / "docs/images/report.png"
SIZE = {"width": 1000, "height": 1010}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--browser", default=shutil.which("chromium"), metavar="PATH")
    arguments = parser.parse_args()
    report = october()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = report.save(Path(folder) / "report.html")
        browser = playwright.chromium.launch(
            executable_path=arguments.browser, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(file.as_uri())
        shot = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    about = PngImagePlugin.PngInfo()
    about.add_itxt("Description", text_of(report))
    shot.convert("RGB").quantize(64).save(PICTURE, optimize=True, pnginfo=about)
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} kB")


def october() -> Report:
    """Return the report in the picture."""
    os.environ.setdefault("INTERCOM_NB_DEMO_DATE", "2026-11-01")
    return inb.report(inb.connect("demo"), "2026-10", first_reply="1h", close="2d")


def text_of(report: Report) -> str:
    """Return the text of the page's upper part, up to the first table."""
    drawn = re.sub(r"<(style|svg|script|title).*?</\1>", "", report.html, flags=re.S)
    lines = (line.strip() for line in re.sub(r"<[^>]+>", "\n", drawn).splitlines())
    return "\n".join(filter(None, lines)).partition("\nNumbers and definition\n")[0]


if __name__ == "__main__":
    main()
