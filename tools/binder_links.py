"""Write the Binder badge, and the link that opens each notebook, into README.md and the guide.

    python tools/binder_links.py --repository https://github.com/owner/name [--ref v0.1.0]

Without --repository, uses `Repository` of `[project.urls]` in pyproject.toml. Replaces the text
between the marks `<!-- binder -->` and `<!-- /binder -->`; run it again after a new notebook,
address or release. Pass a tag as --ref if there is one: Binder builds one image per commit.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
HUB = "https://mybinder.org"
# Where the repository lives -> what Binder calls it.
PROVIDERS = {"github.com": "gh", "gitlab.com": "gl"}
MARKED = re.compile(r"(<!-- binder -->\n).*?(<!-- /binder -->)", flags=re.S)


def launch(repository: str, ref: str, notebook: str | None = None) -> str:
    """Return the address that launches the image, on a notebook or on the index.

    >>> launch("https://github.com/owner/name", "main", "01_quickstart.ipynb")
    'https://mybinder.org/v2/gh/owner/name/main?urlpath=lab/tree/notebooks/01_quickstart.ipynb'
    """
    parts = urlsplit(repository)
    path = parts.path.strip("/").removesuffix(".git")
    provider = PROVIDERS.get(parts.hostname or "")
    if parts.scheme != "https" or provider is None or path.count("/") < 1:
        hosts = ", ".join(PROVIDERS)
        sys.exit(f"{repository!r} is not the https address of a repository at {hosts}.")
    # A project at GitLab may be in groups of groups: Binder wants its path as one segment.
    name = quote(path, safe="" if provider == "gl" else "/")
    at = f"{HUB}/v2/{provider}/{name}/{quote(ref, safe='')}"
    return f"{at}?urlpath=lab/tree/notebooks/{notebook}" if notebook else at


def badge(repository: str, ref: str) -> str:
    """Return the badge as Markdown."""
    return f"[![Launch Binder]({HUB}/badge_logo.svg)]({launch(repository, ref)})\n"


def table(repository: str, ref: str, notebooks: list[str]) -> str:
    """Return the badge and the link of every notebook as Markdown."""
    links = [f"[{n.removesuffix('.ipynb')}]({launch(repository, ref, n)})" for n in notebooks]
    listed = "\n".join(f"* {link}" for link in links)
    return f"{badge(repository, ref)}\nOpen one of them there:\n\n{listed}\n"


def write(root: Path, repository: str, ref: str) -> None:
    """Replace what stands between the marks in README.md and docs/notebooks.md."""
    notebooks = sorted(p.name for p in (root / "notebooks").glob("*.ipynb"))
    texts = {
        root / "README.md": badge(repository, ref),
        root / "docs/notebooks.md": table(repository, ref, notebooks),
    }
    for file, links in texts.items():
        old = file.read_text(encoding="utf-8")
        new, count = MARKED.subn(lambda m, links=links: f"{m[1]}{links}{m[2]}", old)
        if count != 1:
            sys.exit(f"{file.name} needs the marks <!-- binder --> and <!-- /binder --> once.")
        file.write_text(new, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repository", metavar="URL", help="default: [project.urls] Repository")
    parser.add_argument("--ref", default="main", help="branch, tag or commit (default: main)")
    arguments = parser.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    repository = arguments.repository or project.get("urls", {}).get("Repository")
    if repository is None:
        sys.exit("Name it: --repository, or Repository of [project.urls] in pyproject.toml.")
    write(ROOT, repository, arguments.ref)


if __name__ == "__main__":
    main()
