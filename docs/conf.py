"""How the guide is built: Sphinx, from Markdown pages, docstrings and the catalog."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE / "_ext")]

project = "intercom_nb"
author = "The intercom_nb authors"
copyright = "The intercom_nb authors"  # noqa: A001 - the name that Sphinx reads

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "dictionary"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "intercom_nb"
html_copy_source = False
html_show_sourcelink = False

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

# A link to a page or a heading that is not there fails the build.
nitpicky = False
suppress_warnings: list[str] = []

autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
