"""The code's hash: of source files alone, by name and content."""

from release.cut import code_sha256


def test_the_hash_depends_on_names_and_bytes_of_sources_only(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "a.sql").write_text("select 1")
    (tmp_path / "one.lock").write_text("x==1")
    parts = ("models", "one.lock")
    before = code_sha256(tmp_path, parts)
    (tmp_path / "models" / "a.cache").write_text("x")
    (tmp_path / "other.sql").write_text("x")
    assert code_sha256(tmp_path, parts) == before
    (tmp_path / "models" / "a.sql").write_text("select 2")
    changed = code_sha256(tmp_path, parts)
    (tmp_path / "models" / "a.sql").rename(tmp_path / "models" / "b.sql")
    assert len({before, changed, code_sha256(tmp_path, parts)}) == 3
