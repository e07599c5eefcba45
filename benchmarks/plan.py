"""The plan: which steps are compared with which reference, at which sizes, and which ratio is demanded."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import PROJECT, Comparison, Demand, Sample, Step, require_rows

PARTS = ("collecting", "archives", "landing", "build", "editions", "export")
EDITIONS = 15
SEGMENT_ROWS = 50_000
PAGE_ROWS, THREADS = 100, 8
"""Posts on a page of the test platform, and requests in flight at once."""
PAGES_PER_SECOND = 120
TIMES_MORE = 10
YEAR = 2016
"""The newest edition of the synthetic world."""
LARGE = 1_000_000
"""Builds are judged from this size on, where dbt's start-up weighs little. Above it, long steps run once."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure, in a working folder that the caller removes."""

    rows: tuple[int, ...]  # numbers of post observations, ascending
    rounds: int  # measurements of each pair; above a million rows, landings and builds run once
    parts: frozenset[str]  # some of PARTS
    with_dlt: bool  # whether dlt may be installed and measured
    folder: Path

    @property
    def segment_rows(self) -> int:
        """Return the number of posts in each segment."""
        return min(SEGMENT_ROWS, max(self.rows[0] // 2, 1))

    def comparisons(self) -> Iterator[Comparison]:
        """Measure part by part, and yield each comparison."""
        if "collecting" in self.parts:
            yield from self._collecting()
        if "archives" in self.parts:
            yield from self._archives()
        if "editions" in self.parts:
            yield self._editions()
        if self.parts & {"landing", "build", "export"}:
            _write_log(self.folder / "log", self.rows[-1] // self.segment_rows + 1, self.segment_rows)
            for rows in self.rows:
                yield from self._size(rows)
                shutil.rmtree(self.folder / str(rows), ignore_errors=True)

    def _rounds(self, rows: int) -> int:
        return self.rounds if rows <= LARGE else 1

    def _measured(self, rounds: int, **steps: Step) -> list[list[Sample]]:
        """Run all steps once per round, in order; return the samples of each step."""
        samples: list[list[Sample]] = [[] for _ in steps]
        for number in range(1, rounds + 1):
            for (name, step), found in zip(steps.items(), samples, strict=True):
                sample = step.run()
                found.append(sample)
                _say(
                    f"round {number} of {rounds}: {name.replace('_', ' ')}: {sample.wall:.2f} s, "
                    f"{sample.cpu:.2f} CPU s, {sample.peak:.0f} MiB, {sample.rows} rows"
                )
        return samples

    def _size(self, rows: int) -> Iterator[Comparison]:
        home = self.folder / str(rows)
        segments = rows // self.segment_rows
        views = {"whole": [0, segments], "grown": [0, segments + 1], "one": [segments, 1]}
        for name, posts in views.items():
            Step("world:view_log", {"folder": self.folder / "log", "view": home / name, "posts": posts}).run()
        landed = home / "landed.duckdb"
        if "landing" in self.parts:
            yield from self._landing(rows, home, landed)
        else:
            Step("landing:first", {"log": home / "whole", "database": landed}).run()
        is_built = rows >= LARGE or rows == self.rows[-1]
        if is_built and self.parts & {"build", "export"}:
            yield from self._build(rows, home, landed)
        if is_built and "export" in self.parts:
            yield from self._export(home)

    def _landing(self, rows: int, home: Path, landed: Path) -> Iterator[Comparison]:
        empty, grown = home / "empty.duckdb", home / "grown.duckdb"
        plain, land, replay = self._measured(
            self._rounds(rows),
            plain=Step("landing:plain", {"log": home / "whole", "database": home / "plain.duckdb"}),
            land=Step("landing:first", {"log": home / "whole", "database": landed}),
            replay=Step("landing:again", {"log": home / "whole", "database": landed}),
        )
        (home / "plain.duckdb").unlink()
        require_rows(land, plain)
        require_rows(land, replay)
        yield Comparison(f"land {rows:,}", "DuckDB read_ndjson", Demand(">=", 0.6), land, plain)
        yield Comparison(f"land {rows:,} again", "its first landing", Demand("<=", 0.3), replay, land)
        onto_nothing, onto_rows = self._measured(
            self.rounds,
            onto_nothing=Step("landing:first", {"log": home / "one", "database": empty}),
            onto_rows=Step("landing:onto", {"log": home / "grown", "held": landed, "database": grown}),
        )
        grown.unlink()
        what = f"land {self.segment_rows:,} onto {rows:,}"
        yield Comparison(what, "the same onto none", Demand("<=", 1.3), onto_rows, onto_nothing)

    def _collecting(self) -> Iterator[Comparison]:
        pages = max(self.rows[0] // PAGE_ROWS // THREADS, 1) * THREADS
        home, more_pages, seconds = self.folder / "collecting", TIMES_MORE * pages, pages / PAGES_PER_SECOND
        (few,) = self._measured(self.rounds, few=Step("collecting:pages", {"folder": home, "pages": pages}))
        demanded = [Sample(seconds, seconds, 0, one.rows) for one in few]
        yield Comparison(f"collect {pages:,} pages", "120 pages a second", Demand(">=", 1), few, demanded)
        (many,) = self._measured(1, many=Step("collecting:pages", {"folder": home, "pages": more_pages}))
        shutil.rmtree(home)
        last = few[-1]
        often = [Sample(TIMES_MORE * last.wall, TIMES_MORE * last.cpu, last.peak, TIMES_MORE * last.rows)]
        require_rows(many, often)
        what, against = f"collect {more_pages:,} pages", f"{TIMES_MORE} times {pages:,}"
        yield Comparison(what, against, Demand("<=", 1.3), many, often)

    def _archives(self) -> Iterator[Comparison]:
        rows, home = self.rows[0], self.folder / "archives"
        _say(f"making a synthetic archive of {rows} complete tweets")
        Step("world:write_archive", {"folder": home / "roster", "rows": rows}).run()
        archives = home / "roster" / "observations" / "tweets"
        steps = {"ours": Step("archives:collect_and_land", {"roster": home / "roster", "data": home / "data"})}
        reason = "" if self.with_dlt else "dlt was left out"
        if self.with_dlt:
            try:
                steps["dlt"] = Step("dlt_peer:load", {"archives": archives, "folder": home / "dlt"}, _python_with_dlt())
            except subprocess.CalledProcessError as error:
                last = (error.stderr.strip() or str(error)).splitlines()[-1]
                reason = f"dlt could not be installed: {last}"
        ours, *others = self._measured(self.rounds, **steps)
        dlt = others[0] if others else []
        require_rows(ours, dlt)
        yield Comparison(f"collect and land {rows:,} tweets", "dlt", Demand(">=", 4), ours, dlt, reason=reason)
        parse, cut = self._measured(
            self.rounds,
            parse=Step("collecting:bare_json", {"folder": home / "roster"}),
            cut=Step("collecting:archive", {"folder": home / "roster"}),
        )
        shutil.rmtree(home)
        require_rows(cut, parse)
        yield Comparison(f"read {rows:,} tweets", "json alone", Demand(">=", 0.25), cut, parse)

    def _build(self, rows: int, home: Path, landed: Path) -> Iterator[Comparison]:
        built = {"landed": landed, "folder": home / "build"}
        fixed = Step("building:fixed", built)
        if "DBT_PARTIAL_PARSE_FILE_PATH" not in os.environ:
            _say("dbt parses the project once, so that all rounds find it parsed")
            fixed.run()
        start, build, plain = self._measured(
            self._rounds(rows) if "build" in self.parts else 1,
            start=fixed,
            build=Step("building:build", built),
            plain=Step("building:plain", {"landed": landed, "folder": home / "plain", "made": home / "build"}),
        )
        shutil.rmtree(home / "plain")
        require_rows(build, plain)
        if "build" in self.parts:
            yield Comparison(f"build {rows:,} less start", "the SQL alone", Demand("<=", 1.5), build, plain, start)
            if rows >= LARGE:
                yield self._bounded(rows, home, built)

    def _editions(self) -> Comparison:
        """Compare the build of all editions with the build of the first one, from the same log."""
        rows, home = max(self.rows[0], min(self.rows[-1], LARGE)), self.folder / "editions"
        _write_log(home / "log", rows // self.segment_rows, self.segment_rows, EDITIONS)
        Step("landing:first", {"log": home / "log", "database": home / "landed.duckdb"}).run()
        built = {"landed": home / "landed.duckdb"}
        one, many = self._measured(
            self.rounds,
            one=Step("building:build", {**built, "folder": home / "one", "year": YEAR - EDITIONS + 1}),
            many=Step("building:build", {**built, "folder": home / "many", "year": YEAR}),
        )
        shutil.rmtree(home)
        return Comparison(f"build {rows:,} as {EDITIONS} editions", "as one", Demand("<=", 1.5), many, one)

    def _bounded(self, rows: int, home: Path, built: Mapping[str, Any]) -> Comparison:
        """Compare the build within 1 GB of memory with the build without a limit."""
        free, bounded = self._measured(
            self._rounds(rows),
            free=Step("building:build", built),
            bounded=Step("building:build", {**built, "folder": home / "bounded", "memory": "1GB"}),
        )
        shutil.rmtree(home / "bounded")
        require_rows(bounded, free)
        return Comparison(f"build {rows:,} in 1 GB", "without a limit", Demand("<=", 1.2), bounded, free)

    def _export(self, home: Path) -> Iterator[Comparison]:
        database, manifest = home / "build" / "twiplomacy.duckdb", home / "build" / "dbt" / "manifest.json"
        for form in ("csv", "parquet"):
            given = {"database": database, "manifest": manifest, "form": form}
            plain, ours = self._measured(
                self.rounds,
                plain=Step("export:plain", {**given, "path": home / f"plain.{form}"}),
                ours=Step("export:ours", {**given, "path": home / f"ours.{form}"}),
            )
            require_rows(ours, plain)
            yield Comparison(f"export {ours[0].rows:,} as {form}", "COPY", Demand("<=", 1.3), ours, plain)


def _write_log(folder: Path, count: int, segment_rows: int, editions: int = 1) -> None:
    _say(f"making a synthetic log of {count} segments of {segment_rows} posts, editions: {editions}")
    arguments = {"folder": folder, "count": count, "segment_rows": segment_rows, "editions": editions}
    Step("world:write_log", arguments).run()


def _python_with_dlt() -> Path:
    """Return the interpreter of ``.venv-dlt``, where dlt is installed first: it is no dependency of the project."""
    python = PROJECT / ".venv-dlt" / "bin" / "python"
    make = ["venv", "--allow-existing", str(python.parents[1])]
    install = ["pip", "sync", "--python", str(python), str(PROJECT / "benchmarks" / "requirements-dlt.txt")]
    for command in (make, install):
        subprocess.run([sys.executable, "-m", "uv", "--quiet", *command], capture_output=True, text=True, check=True)  # noqa: S603
    return python


def _say(line: str) -> None:
    print(f"benchmarks: {line}", file=sys.stderr, flush=True)
