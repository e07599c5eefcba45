"""The list of faults names tests that are there."""

import re

from tests.conftest import PROJECT

NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", (PROJECT / "tests" / "faults" / "README.md").read_text(encoding="utf-8"))


def test_every_fault_in_the_list_is_tried():
    assert len(NAMED) > 30
    for path, name in NAMED:
        assert f"def {name}(" in (PROJECT / "tests" / path).read_text(encoding="utf-8"), name
