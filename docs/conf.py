"""Sphinx: `make docs`."""

project = "kullback"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = "kullback"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_ivar = True
suppress_warnings = ["ref.python"]  # "array" is an attribute of several forms, and a word


def setup(app: object) -> None:
    """Read |x| and *batch in docstrings as mathematics, not as markup."""

    def escape(*arguments: object) -> None:
        lines = arguments[-1]
        lines[:] = [line.replace("*batch", r"\*batch").replace("|", r"\|") for line in lines]

    app.connect("autodoc-process-docstring", escape, priority=1)
