"""Write the pages of docs/ that repeat what the code says: metrics, tables, DAGs, command line and settings.

``make docs`` runs it. A test compares its pages with the committed ones, so that none falls behind the code.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import yaml
from typer.main import get_command

from release.describe import unwrapped
from twiplomacy.cli import EXAMPLES, app
from twiplomacy.settings import PREFIX, Settings

DOCS = Path(__file__).resolve().parent
PROJECT = DOCS.parent
MODELS = PROJECT / "dbt_project" / "models"
Named = dict[str, Any]


def slug(title: str) -> str:
    """Return the anchor that a code host and MyST both give to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def plain(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def question(model: Named) -> str:
    """Return the question that a model answers, which begins its description."""
    return plain(model["description"]).partition("?")[0] + "?"


def heading(metric: Named) -> str:
    """Return the heading of a metric."""
    return f"{metric['metric_id']} {metric['metric_name']}"


def source(path: Path) -> str:
    """Return a link to a file of the project, from a page in a folder of docs/."""
    return f"[{path.name}](../../{path.relative_to(PROJECT).as_posix()})"


def reads(path: Path) -> list[Path]:
    """Return the files of the models that a model names, in its order; those that only macros name are left out."""
    files = {file.stem: file for file in MODELS.rglob("*.*") if file.suffix in (".py", ".sql")}
    quoted = re.findall(r"'(\w+)'", path.read_text(encoding="utf-8"))
    return [files[name] for name in dict.fromkeys(quoted) if name in files and name != path.stem]


def is_for_authors(column: Named) -> bool:
    """Return whether a column is in the authors' copy only."""
    return bool(column.get("config", {}).get("meta", {}).get("audience") == "authors")


def models() -> Iterator[tuple[Path, Named]]:
    """Yield each dbt model that has a description of its own kind (``meta``), with its YAML file."""
    for path in sorted(MODELS.rglob("*.yml"), key=lambda path: path.stem):
        for model in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).get("models", []):
            if "meta" in model.get("config", {}):
                yield path, model


def dags() -> Iterator[Named]:
    """Yield what each DAG says of itself."""
    for path in sorted((PROJECT / "dags").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [
            node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "dag"
        ]
        for word in (word for call in calls for word in call.keywords if word.arg == "schedule"):
            name, _, text = (ast.get_docstring(tree) or "").removeprefix("### ").partition(": ")
            what, _, notes = text.partition("\n\n")
            schedule = ast.literal_eval(word.value)
            yield {"name": name, "what": what, "notes": notes, "file": path.name, "schedule": schedule}


def commands(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield each command below a group of commands, with its full name."""
    for word, command in sorted(group.commands.items(), key=lambda item: hasattr(item[1], "commands")):
        yield from (
            commands(command, f"{name} {word}") if hasattr(command, "commands") else [(f"{name} {word}", command)]
        )


def pages() -> dict[str, str]:
    """Return the text of each generated page, by its path below docs/."""
    families = {p.stem.removeprefix("figures_"): (p, m) for p, m in models() if "metrics" in m["config"]["meta"]}
    tables = {m["name"]: (p, m) for p, m in models() if "key" in m["config"]["meta"]}
    metrics = {
        metric["metric_id"]: metric | {"family": name}
        for name, (_, model) in families.items()
        for metric in model["config"]["meta"]["metrics"]
    }
    places = {key: f"{metric['family']}.md#{slug(heading(metric))}" for key, metric in metrics.items()}
    links = {key: f"[{key}](../metrics/{place})" for key, place in places.items()}
    links |= {name: f"[{name}](../tables/{name}.md)" for name in tables if name.endswith("_yearly")}
    is_name = re.compile(r"(?<![`\w\[/])(?:[A-Z]\d\d(?:_\w+)?|\w+_yearly)\b(?!`|\.\w)")
    queries = re.findall(
        r"^### (.*?)\n(.*?)(?=^##|\Z)", (DOCS / "queries.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )

    words = dict(
        re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", (MODELS / "columns.md").read_text("utf-8"), re.DOTALL)
    )

    def described(text: str) -> str:
        """Return a column's description, which columns.md holds once for all tables."""
        return plain(re.sub(r"{{ doc\(.(\w+).\) }}", lambda match: words[match[1]], text))

    def linked(text: str) -> str:
        """Return a text for a page in a folder of docs/: names are links, and "(1)" begins an item of a list."""
        text = re.sub(r" \((\d)\) ", r"\n\1. ", unwrapped(text)).replace("|", r"\|").replace("<", "&lt;")
        return is_name.sub(lambda m: links.get(m[0], m[0]), text)

    environment = jinja2.Environment(  # noqa: S701 (it writes Markdown)
        loader=jinja2.FileSystemLoader(DOCS / "templates"), trim_blocks=True, lstrip_blocks=True
    )
    helpers = (slug, plain, unwrapped, question, heading, source, reads, is_for_authors, described, linked)
    environment.filters |= {helper.__name__: helper for helper in helpers}
    environment.filters["words"] = lambda code: code.replace("_", " ")
    environment.globals |= {"families": families, "metrics": metrics, "places": places, "tables": tables}
    environment.globals |= {"dags": list(dags()), "commands": list(commands(get_command(app), "twiplomacy"))}
    environment.globals |= {"examples": EXAMPLES.partition("examples:\n")[2].rstrip(), "prefix": PREFIX}
    fields = Settings.model_fields
    defaults = {key: str(f.default).removeprefix(f"{PROJECT}/") for key, f in fields.items() if not f.default_factory}
    environment.globals |= {"settings": fields, "defaults": defaults}

    def page(template: str, **variables: Any) -> str:
        return environment.get_template(f"{template}.md.j2").render(variables).rstrip() + "\n"

    texts = {f"{name}.md": page(name) for name in ("command_line", "dags", "settings")}
    texts |= {f"{name}/README.md": page(f"{name}_index") for name in ("metrics", "tables")}
    for name, (path, model) in families.items():
        texts[f"metrics/{name}.md"] = page("family", name=name, path=path, model=model)
    for name, (path, model) in tables.items():
        read = [title for title, body in queries if re.search(rf"(?<!distinct year )\b(?:from|join) {name}\b", body)]
        shown = [key for key, metric in metrics.items() if f"{name}." in metric.get("found_in", "")]
        texts[f"tables/{name}.md"] = page("table", name=name, path=path, model=model, queries=read, shown=shown)
    return texts


def write() -> None:
    """Write the pages, and remove those that are no longer generated."""
    texts = pages()
    for old in [*(DOCS / "metrics").glob("*.md"), *(DOCS / "tables").glob("*.md")]:
        old.unlink()
    for name, text in texts.items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
