"""A scratch folder is gone afterwards; what a killed process left goes with the next one."""

from filelock import FileLock

from release.scratch import scratch


def test_it_is_removed_with_all_that_is_in_it(tmp_path):
    with scratch(tmp_path / "verify") as folder:
        (folder / "big").write_text("x")
    assert [path.name for path in (tmp_path / "verify").iterdir() if path.is_dir()] == []


def test_what_a_killed_process_left_is_removed_and_that_of_a_living_one_stays(tmp_path):
    killed, living = tmp_path / "killed", tmp_path / "living"
    for folder in (killed, living):
        folder.mkdir()
        (folder / "big").write_text("x")
        (folder / ".lock").touch()  # the system lets go of a lock when its process ends
    (tmp_path / "half").mkdir()
    with FileLock(living / ".lock"), scratch(tmp_path) as folder:
        assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"living", folder.name}
