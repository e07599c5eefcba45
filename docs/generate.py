"""Write the pages of docs/ that repeat what the code says: metrics, tables, DAGs, command line and settings.

``make docs`` runs it. A test compares its pages with the committed ones, so that none falls behind the code.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).resolve().parent
PROJECT = DOCS.parent
MODELS = PROJECT / "dbt_project" / "models"


def slug(title: str) -> str:
    """Return the anchor that a code host and MyST both give to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def described_models() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every dbt model that is described, with its YAML file."""
    for path in sorted(MODELS.rglob("*.yml"), key=lambda path: path.stem):
        described = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 (a safe loader)
        yield from ((path, model) for model in described.get("models", []))


def plain(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


class Pages:
    """The generated pages, by their path below docs/."""

    def __init__(self) -> None:
        models = [(path, model) for path, model in described_models() if "meta" in model.get("config", {})]
        self.families = {path: model for path, model in models if "metrics" in model["config"]["meta"]}
        self.tables = {model["name"]: (path, model) for path, model in models if "key" in model["config"]["meta"]}
        columns = (MODELS / "columns.md").read_text(encoding="utf-8")
        self.words = dict(re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", columns, re.DOTALL))
        self.anchors = {
            metric["metric_id"]: f"{family(path)}.md#{slug(heading(metric))}"
            for path, model in self.families.items()
            for metric in model["config"]["meta"]["metrics"]
        }
        queries = (DOCS / "queries.md").read_text(encoding="utf-8")
        self.queries = re.findall(r"^### (.*?)\n(.*?)(?=^##|\Z)", queries, re.MULTILINE | re.DOTALL)

    def all(self) -> dict[str, str]:
        """Return each page's text."""
        pages = {"metrics/README.md": self.metrics_index(), "tables/README.md": self.tables_index(), "dags.md": dags()}
        pages |= {f"metrics/{family(path)}.md": self.metrics(path, model) for path, model in self.families.items()}
        pages |= {f"tables/{name}.md": self.table(*described) for name, described in self.tables.items()}
        return {name: text.rstrip() + "\n" for name, text in sorted(pages.items())}

    def linked(self, text: str) -> str:
        """Return a text for a page in a folder of docs/, where ids of metrics and names of tables are links."""
        text = plain(text).replace("|", r"\|").replace("<", "&lt;")
        text = re.sub(
            r"\b[A-Z]\d\d(_\w+)?\b",
            lambda m: f"[{m[0]}](../metrics/{self.anchors[m[0]]})" if m[0] in self.anchors else m[0],
            text,
        )
        return re.sub(
            r"(?<![`\w\[/])\w+_yearly\b(?!`|\.\w)",
            lambda m: f"[{m[0]}](../tables/{m[0]}.md)" if m[0] in self.tables else m[0],
            text,
        )

    def metrics_index(self) -> str:
        """List every metric by its plain name."""
        rows = sorted(
            (metric["metric_name"], metric["metric_id"], metric["unit"], metric["status_code"].replace("_", " "))
            for model in self.families.values()
            for metric in model["config"]["meta"]["metrics"]
        )
        return "\n".join(
            [
                "# Metrics",
                "",
                generated("the files `dbt_project/models/reports/figures_*.yml`"),
                "",
                "A metric is a kind of figure, such as reposts per original post. Find it here by its name. Its page gives",
                "the formula, the unit, the caveats, the SQL that computes it and the tables that show it. The table",
                "[metrics](../tables/metrics.md) of each release has the same words. [Rules](../rules.md) explains what all",
                "metrics share: whose day a post is, what is unknown, and when a value is ranked.",
                "",
                "By family:",
                "",
                *(
                    f"- [{family(path).capitalize()}]({family(path)}.md): {question(model)}"
                    for path, model in self.families.items()
                ),
                "",
                "| metric | id | unit | status |",
                "|---|---|---|---|",
                *(f"| [{name}]({self.anchors[key]}) | {key} | {unit} | {status} |" for name, key, unit, status in rows),
            ]
        )

    def metrics(self, path: Path, model: dict[str, Any]) -> str:
        """Describe the metrics of one family."""
        metrics = model["config"]["meta"]["metrics"]
        sections = [f"# Metrics: {family(path)}", generated(source(path)), question(model)]
        for metric in metrics:
            sql = source(path.with_suffix(".sql"))
            found = [place.split(".") for place in metric.get("found_in", "").split()]
            variants = [m["metric_id"] for m in metrics if m.get("base_metric_id") == metric["metric_id"]]
            facts = {
                "Unit": metric["unit"],
                "Caveats": metric.get("caveats", ""),
                "Given for": metric["grain_codes"].replace(" ", ", ").replace("_", " "),
                "Platforms": metric["platform_codes"].replace(" ", ", "),
                "Inputs": metric["inputs"],
                "Status": f"computed in {sql}, version {metric['method_version']} of the method"
                if metric["status_code"] == "computed"
                else f"{metric['status_code'].replace('_', ' ')}. {metric['reason']}",
                "Shown in": ", ".join(f"[{table}](../tables/{table}.md) (`{column}`)" for table, column in found),
                "Variant of": metric.get("base_metric_id", ""),
                "Variants": ", ".join(variants),
            }
            sections += [f"## {heading(metric)}", self.linked(metric["formula"])]
            sections += ["\n".join(f"- **{key}**: {self.linked(fact)}" for key, fact in facts.items() if fact)]
        return "\n\n".join(sections)

    def tables_index(self) -> str:
        """List every table with its question."""
        return "\n".join(
            [
                "# Tables",
                "",
                generated("the YAML files beside the SQL of the tables"),
                "",
                "A release has these tables as CSV and Parquet files and in one DuckDB file. Each page gives the table's",
                "key, its columns, its SQL and the [queries](../queries.md) that read it. [Names](../naming.md) explains how",
                "columns are named. An empty cell is unknown, never zero.",
                "",
                "| table | question |",
                "|---|---|",
                *(f"| [{name}]({name}.md) | {question(model)} |" for name, (_, model) in self.tables.items()),
            ]
        )

    def table(self, path: Path, model: dict[str, Any]) -> str:
        """Describe one table."""
        name, meta = model["name"], model["config"]["meta"]
        text, _, grain = plain(model["description"]).rpartition(" One row per ")
        reads = re.compile(rf"\b(?:from|join) {name}\b")
        queries = [f"[{title}](../queries.md#{slug(title)})" for title, body in self.queries if reads.search(body)]
        metrics = [
            key for p, m in self.families.items() for metric in m["config"]["meta"]["metrics"]
            for key in [metric["metric_id"]] if f"{name}." in metric.get("found_in", "")
        ]
        facts = {
            "One row per": grain.rstrip("."),
            "Key": ", ".join(f"`{column}`" for column in meta["key"]),
            "SQL": source(path.with_suffix(".sql")),
            "Description": source(path),
            "Queries": "; ".join(queries),
            "Metrics": ", ".join(metrics) if name != "figures" else "[all that are computed](../metrics/README.md)",
        }
        lines = [f"# {name}", "", generated(source(path)), "", self.linked(text), ""]
        lines += [f"- **{key}**: {self.linked(fact)}" for key, fact in facts.items() if fact]
        lines += ["", "| column | type | may be empty | description |", "|---|---|---|---|"]
        for column in model["columns"]:
            empty = "no" if {"type": "not_null"} in column.get("constraints", []) else "yes"
            limits = column.get("config", {}).get("meta", {})
            note = " Only in the authors' copy." if limits.get("audience") == "authors" else ""
            note += f" Needs the class {limits['least_class']}." if "least_class" in limits else ""
            description = self.linked(re.sub(r"{{ doc\(.(\w+).\) }}", lambda m: self.words[m[1]].strip(), column["description"]) + note)
            lines.append(f"| `{column['name']}` | {column['data_type']} | {empty} | {description} |")
        return "\n".join(lines)


def family(path: Path) -> str:
    """Return the name of the family of metrics that a YAML file describes."""
    return path.stem.removeprefix("figures_")


def heading(metric: dict[str, Any]) -> str:
    """Return the heading of a metric."""
    return f"{metric['metric_id']} {metric['metric_name']}"


def question(model: dict[str, Any]) -> str:
    """Return the question that a model answers, the first sentence of its description."""
    return plain(model["description"]).partition("?")[0] + "?"


def source(path: Path) -> str:
    """Return a link, from a page in a folder of docs/, to a file of the project."""
    return f"[{path.name}](../../{path.relative_to(PROJECT).as_posix()})"


def generated(origin: str) -> str:
    """Return the line that says what a page is made from."""
    return f"*Generated by `make docs` from {origin}. Edit that, not this page.*"


def dags() -> str:
    """Describe the DAGs by their own notes."""
    sections = [
        "# DAGs",
        generated("the notes in `dags/*.py`"),
        "Airflow runs the same verbs as the command line. Airflow shows each of these notes beside its DAG. `make serve` "
        "starts Airflow on this machine, and `make release` runs the DAG `release` without a server.",
    ]
    for path in sorted((PROJECT / "dags").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "dag"]
        for call in calls:
            (schedule,) = (ast.literal_eval(k.value) for k in call.keywords if k.arg == "schedule")
            when = f"by itself at `{schedule}` (cron, UTC)" if schedule else "when somebody triggers it"
            name, _, text = (ast.get_docstring(tree) or "").removeprefix("### ").partition(": ")
            what, _, notes = text.partition("\n\n")
            link = f"[{path.name}](../dags/{path.name})"
            sections += [f"## {name}", f"{what[0].upper()}{what[1:]}. It runs {when}. Its file is {link}.", notes]
    return "\n\n".join(sections)


def write(pages: dict[str, str], folders: Iterable[str] = ("metrics", "tables")) -> None:
    """Write the pages, and remove those that are generated no more."""
    for path in (path for folder in folders for path in (DOCS / folder).glob("*.md")):
        if path.relative_to(DOCS).as_posix() not in pages:
            path.unlink()
    for name, text in pages.items():
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Pages().all())
