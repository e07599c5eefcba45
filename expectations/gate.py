"""gate: check whether a panel of editions may be released, and keep the verdict in a file until the release is made.

A suite is a YAML file named after the table that it checks. Each check reads a small frame by SQL and states one Great
Expectations expectation about it. A failed ``critical`` check stops the release, a ``warning`` is only reported.
``fix`` says what turns the check green again. Checks that dbt tests make are not repeated here.
"""

import hashlib
import json
import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import yaml

from ingestion.files import write_file
from ingestion.shown import shown

FOLDER = Path(__file__).resolve().parent
EXAMPLES = 5
"""How many broken rows a verdict shows for each check."""


class GateFailed(Exception):
    """A critical check failed or could not run; the message names table, rule and a few rows."""


class KeptError(Exception):
    """The file of a verdict is damaged; the message names it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check and its result.

    Attributes:
        table: the table that it checks.
        rule: what must hold, in words.
        fix: what to do if it does not hold, to turn the check green.
        severity: critical or warning.
        passed: whether the rule holds.
        rows: number of rows checked.
        broken: number of rows that broke the rule.
        examples: a few of them, as column -> value.
    """

    table: str
    rule: str
    fix: str
    severity: str
    passed: bool
    rows: int
    broken: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks of the panel up to ``year``; ``as_json`` is what the release carries as ``gate.json``."""

    year: int
    checks: list[Check]

    @property
    def passed(self) -> bool:
        """Whether no critical check failed."""
        return not self.failed("critical")

    def failed(self, severity: str) -> list[Check]:
        """Return the failed checks of one severity."""
        return [check for check in self.checks if not check.passed and check.severity == severity]

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        return {
            "year": self.year,
            "verdict": "passed" if self.passed else "failed",
            "checks": [asdict(check) for check in self.checks],
        }

    def summary(self) -> str:
        """Return one line: how many checks passed, and how many warnings there are."""
        passed = sum(check.passed for check in self.checks)
        return f"{passed} of {len(self.checks)} checks passed, {len(self.failed('warning'))} warnings"

    def require(self) -> None:
        """Raise ``GateFailed`` unless the verdict passed."""
        if not self.passed:
            raise GateFailed("\n".join(describe(check) for check in self.failed("critical")))


def gate(database: Path, year: int, public: Mapping[str, str]) -> Verdict:
    """Run every suite against a built database.

    Args:
        database: DuckDB file with the marts of the panel; read only.
        year: its newest edition; ``intermediate.int_editions`` lists them all.
        public: mart -> query of what a release would make public of it; suites read it as ``public_<mart>``.
    """
    suites = sorted((FOLDER / "suites").glob("*.yml"))
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(
            """create temp table baselines as
            from read_csv(?, header = true, types = {'value': 'decimal(38,9)', 'tolerance': 'decimal(9,6)'})""",
            [str(FOLDER / "baselines.csv")],
        )
        connection.execute("create temp table public_columns (table_name text, column_name text, data_type text)")
        for name, query in public.items():
            connection.execute(f"create temp view public_{name} as {query}")
            connection.execute(
                f"""insert into public_columns
                select ?, column_name, lower(column_type) from (describe public_{name})""",  # noqa: S608
                [name],
            )
        validate = _validator()
        checks = [
            _run(connection, suite.stem, rule, validate)
            for suite in suites
            for rule in yaml.safe_load(suite.read_text(encoding="utf-8"))
        ]
    return Verdict(year, checks)


def describe(check: Check) -> str:
    """Return a failed check as text: table, rule, a few rows and what to do."""
    lines = [f"{check.severity}: {check.table}: {check.rule}; {check.broken} of {check.rows} rows break it"]
    lines += [
        "    " + ", ".join(f"{column}={value}" for column, value in example.items()) for example in check.examples
    ]
    return "\n".join([*lines, f"  to do: {check.fix}"])


def keep(path: Path, stamp: Mapping[str, Any], verdict: Mapping[str, Any]) -> None:
    """Write a verdict and the stamp of the build that it judges."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, _encoded(stamp, verdict))


def kept(path: Path, stamp: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the verdict on the build with a stamp; None if none is kept.

    Raises:
        KeptError: the file was changed since ``keep`` wrote it.
    """
    if not path.exists():
        return None
    content = path.read_bytes()
    try:
        found = json.loads(content)
        is_whole = content == _encoded(found["stamp"], found["verdict"])
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise KeptError(f"{path} is damaged: it is no verdict") from error
    if not is_whole:
        raise KeptError(f"{path} is damaged: it is not as it was written")
    verdict: Mapping[str, Any] = found["verdict"]
    return verdict if found["stamp"] == stamp else None


def _run(connection: duckdb.DuckDBPyConnection, table: str, rule: dict[str, Any], validate: Any) -> Check:
    frame = connection.execute(rule["sql"]).df()
    passed, broken = validate(f"{table}: {rule['rule']}", frame, rule["expect"], rule["severity"])
    rows = frame if broken is None else frame.iloc[broken]
    return Check(
        table=table,
        rule=rule["rule"],
        fix=rule["fix"],
        severity=rule["severity"],
        passed=passed,
        rows=len(frame),
        broken=0 if passed else len(rows),
        examples=[] if passed else [_plain(row) for row in rows.head(EXAMPLES).to_dict("records")],
    )


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(column): value if isinstance(value, bool | int) else shown(str(value)) for column, value in row.items()}


def _encoded(stamp: Mapping[str, Any], verdict: Mapping[str, Any]) -> bytes:
    content = {"stamp": stamp, "verdict": verdict}
    return json.dumps({**content, "sha256": hashlib.sha256(json.dumps(content).encode()).hexdigest()}).encode()


def _validator() -> Any:
    """Return a function that validates one frame against one expectation.

    Great Expectations is imported here, because the import takes seconds and no other step needs it.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="great_expectations")
    import great_expectations as gx  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("marts")

    def validate(name: str, frame: Any, expect: dict[str, Any], severity: str) -> tuple[bool, list[int] | None]:
        batches = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("whole")
        arguments = {key: value for key, value in expect.items() if key != "type"}
        expectation = getattr(gx.expectations, expect["type"])(**arguments, severity=severity)
        result = batches.get_batch({"dataframe": frame}).validate(expectation, result_format="COMPLETE")
        for fault in (result.exception_info, *result.exception_info.values()):
            if isinstance(fault, dict) and fault.get("raised_exception"):
                raise GateFailed(f"{name}: the check itself is broken: {fault['exception_message']}")
        return bool(result.success), result.result.get("unexpected_index_list")

    return validate
