"""How the guide is built: Sphinx, from Markdown pages and notebooks."""

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
kernel_path = [str(HERE.parent), os.environ.get("PYTHONPATH", "")]
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, kernel_path))

# Sphinx reads only what is below this folder.
shutil.copytree(HERE.parent / "notebooks", HERE / "notebooks", dirs_exist_ok=True)

project = "intercom_nb"
author = "The intercom_nb authors"
copyright = "The intercom_nb authors"  # noqa: A001 - the name that Sphinx reads

extensions = ["myst_nb", "sphinx_copybutton"]
exclude_patterns = ["_build", "**.ipynb_checkpoints"]
smartquotes = False  # a search for "customers' names" would not find the title with a curly quote
html_theme = "furo"  # light and dark, as the reader's system has it, or by a switch
html_title = "intercom_nb"
html_static_path = ["_static"]
html_css_files = ["guide.css"]
html_copy_source = False
html_show_sourcelink = False

myst_enable_extensions = ["attrs_inline"]
myst_heading_anchors = 3

# The notebooks run while the guide is built, and a cell that fails fails the build.
nb_execution_mode = "force"
nb_execution_excludepatterns = os.environ.get("GUIDE_SKIPS_NOTEBOOKS", "").split()
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 120
nb_execution_show_tb = True
nb_merge_streams = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # forms need a kernel; load no script for them
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]

# What copies a command leaves out its prompt and its output.
copybutton_prompt_text = "$ "
copybutton_selector = "div:not(.output) > div.highlight:not(.highlight-text) > pre"
copybutton_exclude = ".linenos, .gp, .go"

# A link to a page or a heading that is not there fails the build.
nitpicky = False
suppress_warnings = ["misc.highlighting_failure"]  # cells of SQL


def setup(app: Any) -> None:
    """Add what a hosting site would show as markup to the text of the pages."""
    app.connect("source-read", _complete)


def _complete(_app: Any, page: str, source: list[str]) -> None:
    """Link executed notebooks, show pictures in the reader's theme, and add the sidebar."""
    text = source[0].replace("](../notebooks/", "](notebooks/")
    text = re.sub(r"^!\[.*\]\(.*-light\.png\)$", _in_both_themes, text, flags=re.M)
    if page == "index":  # its sections and links are those of the sidebar
        for section in text.split("\n## ")[1:]:
            pages = re.findall(r"\* \[.*?\]\((.*?)\.md\)", section)
            text += _toctree(*pages, caption=section.partition("\n")[0])
    if page == "notebooks":
        text += _toctree("notebooks/*")
    source[0] = text


def _in_both_themes(picture: re.Match[str]) -> str:
    dark = picture[0].replace("-light.png", "-dark.png")
    if not (HERE / dark.rpartition("(")[2].removesuffix(")")).is_file():
        return picture[0]
    return f"{picture[0]}{{.only-light}}\n{dark}{{.only-dark}}"


def _toctree(*pages: str, caption: str = "") -> str:
    head = [":hidden:", ":glob:", f":caption: {caption}" if caption else ""]
    return "\n".join(["", "", "```{toctree}", *filter(None, head), "", *pages, "```", ""])
