"""Each platform that can be asked is in every place that docs/recipes.md names."""

import csv
import re

import pytest

from ingestion.collect.files.archives import ARCHIVES
from ingestion.roster.account_ids import FORMS
from ingestion.roster.platforms import FILE_ADAPTERS, PLATFORMS
from tests.conftest import PROJECT
from twiplomacy.settings import PREFIX, Settings

DBT = PROJECT / "dbt_project"


def column(path: str, name: str) -> set[str]:
    with (PROJECT / path).open(encoding="utf-8-sig", newline="") as file:
        return {row[name] for row in csv.DictReader(file)}


def test_each_platform_has_a_form_of_its_ids():
    assert PLATFORMS.keys() == FORMS.keys()


def test_each_adapter_of_files_has_a_reader():
    assert set(FILE_ADAPTERS) == {"by-hand", *ARCHIVES}


@pytest.mark.parametrize("code", PLATFORMS)
def test_each_platform_has_its_rows_and_settings(code):
    assert PLATFORMS[code].adapter in column("roster/sources.csv", "adapter")
    assert PLATFORMS[code].adapter.endswith("-api")
    assert code in column("roster/platforms.csv", "platform_code")
    assert code in column("dbt_project/seeds/profile_addresses.csv", "platform_code")
    settings = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    assert {f"{PREFIX}{code}_URL".upper(), PLATFORMS[code].key_name or f"{PREFIX}DATA"} <= settings


@pytest.mark.parametrize("code", PLATFORMS)
def test_each_platform_has_staging_models_that_the_list_of_shapes_names(code):
    listed = (DBT / "macros" / "shapes.sql").read_text(encoding="utf-8")
    shapes = {shape: re.findall(r"\w+", kinds) for shape, kinds in re.findall(r"'(\w+)': \[(.*)\]", listed)}
    own = [shape for shape in shapes if re.fullmatch(rf"{code}(_v\d+)?", shape)]
    assert own
    for shape in own:
        names = {f"stg_{shape}__{kind.removeprefix('brief_')}" for kind in shapes[shape]}
        assert names == {path.stem for path in (DBT / "models" / "staging" / code).glob(f"stg_{shape}__*.sql")}
