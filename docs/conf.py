"""How the guide is built: Sphinx, from Markdown pages and notebooks."""

import os
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
html_theme = "furo"  # light and dark, as the reader's system has it, or by a switch
html_title = "intercom_nb"
html_static_path = ["_static"]
html_css_files = ["guide.css"]
html_copy_source = False
html_show_sourcelink = False

myst_enable_extensions = ["deflist"]
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
    """Link the executed notebooks where a page links their files."""
    app.connect("source-read", _link_executed_notebooks)


def _link_executed_notebooks(_app: Any, _page: str, source: list[str]) -> None:
    source[0] = source[0].replace("](../notebooks/", "](notebooks/")
