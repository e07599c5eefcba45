"""Sphinx's settings for the site of the documents, which `make docs` builds from the same files that a code host shows.

The project's folder is the source, so that links between docs/ and the pages beside the code are checked too.
"""

from pathlib import Path

from sphinx.application import Sphinx

PROJECT = Path(__file__).resolve().parents[1]
CONTENTS = {
    "Start": ["README", "docs/how_a_number_is_made", "docs/glossary", "docs/rules", "docs/limits", "docs/naming"],
    "Figures": ["docs/metrics/README", "docs/tables/README", "docs/queries", "docs/releases"],
    "Change something": [
        "docs/recipes",
        "CONTRIBUTING",
        "CODE_OF_CONDUCT",
        "roster/README",
        "docs/by_hand",
        "roster/observations/*/NOTE",
    ],
    "Run it": ["docs/command_line", "docs/settings", "docs/dags", "docs/collecting", "docs/log"],
    "How it is built": [
        "docs/architecture",
        "docs/scale",
        "docs/performance",
        "SECURITY",
        "tests/faults/README",
        "CHANGELOG",
    ],
}
FOLDERS = ("docs/metrics/README", "docs/tables/README")

project = "The open Twiplomacy dataset"
author = "The Twiplomacy dataset's contributors"
extensions = ["myst_parser"]
root_doc = "docs/README"
include_patterns = ["*.md", "docs/**.md", "roster/README.md", "roster/observations/*/NOTE.md", "tests/faults/README.md"]
exclude_patterns = [
    path.name for path in PROJECT.iterdir() if path.is_dir() and f"{path.name}/" not in str(include_patterns)
]
myst_heading_anchors = 4
html_theme = "furo"
html_title = project
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
templates_path = ["."]
html_additional_pages = {"index": "redirect.html"}


def add_contents(_: Sphinx, page: str, source: list[str]) -> None:
    """Add to a page what the site's navigation lists below it; a code host would show such lists as code."""
    lists = CONTENTS if page == "docs/README" else {"": ["*"]} if page in FOLDERS else {}
    for caption, names in lists.items():
        paths = "\n".join(name if name == "*" else f"/{name}" for name in names)
        title = f":caption: {caption}\n" if caption else ""
        source[0] += f"\n\n```{{toctree}}\n:hidden:\n:glob:\n{title}\n{paths}\n```\n"


def setup(app: Sphinx) -> None:
    """Tell Sphinx of ``add_contents``."""
    app.connect("source-read", add_contents)
