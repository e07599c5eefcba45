"""The plan: which steps are compared with which reference, at which sizes, and which ratio is demanded."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import peer
from benchmarks.measure import Comparison, Demand, Sample, Step, interleave, require_rows

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
    """What to measure.

    Attributes:
        rows: numbers of post observations, ascending.
        rounds: number of measurements of each pair; above a million rows, landings and builds run once.
        parts: some of ``PARTS``.
        with_dlt: whether dlt may be installed and measured.
        folder: working folder; the caller removes it.
        say: receives one line of progress per measurement.
    """

    rows: tuple[int, ...]
    rounds: int
    parts: frozenset[str]
    with_dlt: bool
    folder: Path
    say: Callable[[str], None]

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
            self._write_log()
            for rows in self.rows:
                yield from self._size(rows)
                shutil.rmtree(self.folder / str(rows), ignore_errors=True)

    def _rounds(self, rows: int) -> int:
        return self.rounds if rows <= LARGE else 1

    def _measured(self, rounds: int, **steps: Step) -> dict[str, list[Sample]]:
        return interleave(rounds, {name.replace("_", " "): step for name, step in steps.items()}, self.say)

    def _write_log(self) -> None:
        segments = self.rows[-1] // self.segment_rows + 1
        self.say(f"making a synthetic log of {segments} segments of {self.segment_rows} posts")
        arguments = {"folder": self.folder / "log", "count": segments, "segment_rows": self.segment_rows}
        Step("world:write_log", arguments).run()

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
        samples = self._measured(
            self._rounds(rows),
            plain=Step("landing:plain", {"log": home / "whole", "database": home / "plain.duckdb"}),
            land=Step("landing:first", {"log": home / "whole", "database": landed}),
            replay=Step("landing:again", {"log": home / "whole", "database": landed}),
        )
        (home / "plain.duckdb").unlink()
        plain, land, replay = samples.values()
        require_rows(land, plain)
        require_rows(land, replay)
        yield Comparison(f"land {rows:,}", "DuckDB read_ndjson", Demand.speed(0.6), land, plain)
        yield Comparison(f"land {rows:,} again", "its first landing", Demand.cost(0.3), replay, land)
        samples = self._measured(
            self.rounds,
            onto_nothing=Step("landing:first", {"log": home / "one", "database": empty}),
            onto_rows=Step("landing:onto", {"log": home / "grown", "held": landed, "database": grown}),
        )
        grown.unlink()
        onto_nothing, onto_rows = samples.values()
        what = f"land {self.segment_rows:,} onto {rows:,}"
        yield Comparison(what, "the same onto none", Demand.cost(1.3), onto_rows, onto_nothing)

    def _collecting(self) -> Iterator[Comparison]:
        pages = max(self.rows[0] // PAGE_ROWS // THREADS, 1) * THREADS
        few, many = (
            Step("collecting:pages", {"folder": self.folder / "collecting", "pages": count})
            for count in (pages, TIMES_MORE * pages)
        )
        samples = self._measured(self.rounds, few=few)["few"]
        asked = [Sample(pages / PAGES_PER_SECOND, pages / PAGES_PER_SECOND, 0, one.rows) for one in samples]
        yield Comparison(f"collect {pages:,} pages", "120 pages a second", Demand.speed(1), samples, asked)
        long = self._measured(1, many=many)["many"]
        often = [
            Sample(TIMES_MORE * one.wall, TIMES_MORE * one.cpu, one.peak, TIMES_MORE * one.rows) for one in samples
        ]
        shutil.rmtree(self.folder / "collecting")
        require_rows(long, often)
        yield Comparison(
            f"collect {TIMES_MORE * pages:,} pages", f"{TIMES_MORE} times {pages:,}", Demand.cost(1.3), long, often[-1:]
        )

    def _archives(self) -> Iterator[Comparison]:
        rows, home = self.rows[0], self.folder / "archives"
        self.say(f"making a synthetic archive of {rows} complete tweets")
        Step("world:write_archive", {"folder": home / "roster", "rows": rows}).run()
        archives = home / "roster" / "observations" / "tweets"
        steps = {"ours": Step("archives:collect_and_land", {"roster": home / "roster", "data": home / "data"})}
        reason = "" if self.with_dlt else "dlt was left out"
        if self.with_dlt:
            try:
                python = peer.python()
                steps["dlt"] = Step("dlt_peer:load", {"archives": archives, "folder": home / "dlt"}, python)
            except peer.NoPeerError as error:
                reason = str(error)
        samples = self._measured(self.rounds, **steps)
        ours, dlt = samples["ours"], samples.get("dlt", [])
        require_rows(ours, dlt)
        yield Comparison(f"collect and land {rows:,} tweets", "dlt", Demand.speed(4), ours, dlt, reason=reason)
        samples = self._measured(
            self.rounds,
            parse=Step("collecting:bare_json", {"folder": home / "roster"}),
            cut=Step("collecting:archive", {"folder": home / "roster"}),
        )
        shutil.rmtree(home)
        parse, cut = samples.values()
        require_rows(cut, parse)
        yield Comparison(f"read {rows:,} tweets", "json alone", Demand.speed(0.25), cut, parse)

    def _build(self, rows: int, home: Path, landed: Path) -> Iterator[Comparison]:
        threads = _threads()
        cut = len((home / "whole" / "ledger.jsonl").read_bytes().splitlines())
        built = {"landed": landed, "folder": home / "build", "threads": threads, "cut": cut}
        fixed = Step("building:fixed", built)
        if "DBT_PARTIAL_PARSE_FILE_PATH" not in os.environ:
            self.say("dbt parses the project once, so that all rounds find it parsed")
            fixed.run()
        samples = self._measured(
            self._rounds(rows) if "build" in self.parts else 1,
            start=fixed,
            build=Step("building:build", built),
            plain=Step(
                "building:plain",
                {"landed": landed, "folder": home / "plain", "made": home / "build", "threads": threads, "cut": cut},
            ),
        )
        shutil.rmtree(home / "plain")
        start, build, plain = samples.values()
        require_rows(build, plain)
        if "build" in self.parts:
            yield Comparison(f"build {rows:,} less start", "the SQL alone", Demand.cost(1.5), build, plain, start)
            if rows >= LARGE:
                yield self._bounded(rows, home, built)

    def _editions(self) -> Comparison:
        """Compare the build of all editions with the build of the first one, from the same log."""
        rows, home = max(self.rows[0], min(self.rows[-1], LARGE)), self.folder / "editions"
        self.say(f"making a synthetic log of {rows} posts over {EDITIONS} years")
        size = min(self.segment_rows, rows)
        arguments = {"folder": home / "log", "count": rows // size, "segment_rows": size, "editions": EDITIONS}
        Step("world:write_log", arguments).run()
        Step("landing:first", {"log": home / "log", "database": home / "landed.duckdb"}).run()
        cut = len((home / "log" / "ledger.jsonl").read_bytes().splitlines())
        built = {"landed": home / "landed.duckdb", "threads": _threads(), "cut": cut}
        first = YEAR - EDITIONS + 1
        samples = self._measured(
            self.rounds,
            one=Step("building:build", {**built, "folder": home / "one", "year": first}),
            many=Step("building:build", {**built, "folder": home / "many", "year": YEAR}),
        )
        shutil.rmtree(home)
        one, many = samples.values()
        return Comparison(f"build {rows:,} as {EDITIONS} editions", "as one", Demand.cost(1.5), many, one)

    def _bounded(self, rows: int, home: Path, built: Mapping[str, Any]) -> Comparison:
        """Compare the build within 1 GB of memory with the build without a limit."""
        samples = self._measured(
            self._rounds(rows),
            free=Step("building:build", dict(built)),
            bounded=Step("building:build", {**built, "folder": home / "bounded", "memory": "1GB"}),
        )
        shutil.rmtree(home / "bounded")
        free, bounded = samples.values()
        require_rows(bounded, free)
        return Comparison(f"build {rows:,} in 1 GB", "without a limit", Demand.cost(1.2), bounded, free)

    def _export(self, home: Path) -> Iterator[Comparison]:
        database, manifest = home / "build" / "twiplomacy.duckdb", home / "build" / "dbt" / "manifest.json"
        for form in ("csv", "parquet"):
            given = {"database": database, "manifest": manifest, "form": form}
            samples = self._measured(
                self.rounds,
                plain=Step("export:plain", {**given, "path": home / f"plain.{form}"}),
                ours=Step("export:ours", {**given, "path": home / f"ours.{form}"}),
            )
            plain, ours = samples.values()
            require_rows(ours, plain)
            yield Comparison(f"export {ours[0].rows:,} as {form}", "COPY", Demand.cost(1.3), ours, plain)


def _threads() -> int:
    return int(os.environ.get("TWIPLOMACY_THREADS") or os.cpu_count() or 1)
