"""Progress: a bar in a terminal, plain lines elsewhere."""

import os
import pty
import subprocess
import sys

from ingestion.collect.living.progress import progress
from tests.conftest import PROJECT

CODE = """
from ingestion.collect.living.progress import progress
with progress("collect: x", 3) as step:
    for _ in range(3):
        step()
"""


def test_without_a_terminal_a_long_run_says_ten_lines(capsys):
    with progress("collect: x", 1000) as step:
        for _ in range(1000):
            step()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert lines[0] == "collect: x: 100 of 1000"
    assert lines[-1] == "collect: x: 1000 of 1000"


def test_in_a_terminal_it_is_a_bar():
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", CODE], cwd=PROJECT, stdout=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "━" in shown
    assert "3/3" in shown
