"""What a load says of a mapping that is still a draft."""

from __future__ import annotations

from pathlib import Path

from harmonize.mapping.explain.drafted import draft_note


def test_open_marks_are_counted_by_file(tmp_path: Path) -> None:
    (tmp_path / "lake.map.yaml").write_text("# suggested: x\na\n# undecided: y\n")
    (tmp_path / "excluded.tsv").write_text("class\tcolumn\treason\na\tb\tundecided: \n")
    (tmp_path / "values.sssom.tsv").write_text("#a\nsubject_id\n")
    (told,) = draft_note(tmp_path, "lake")
    assert told.startswith("The mapping lake is still a draft, and what it loads is partly guessed: ")
    assert "2 lines of lake.map.yaml still say suggested: or undecided: (from line 1)" in told
    assert "; 1 line of excluded.tsv still says suggested: or undecided: (from line 2)." in told


def test_a_mapping_that_is_settled_is_no_draft(tmp_path: Path) -> None:
    (tmp_path / "lake.map.yaml").write_text("a: b\n")
    assert draft_note(tmp_path, "lake") == []
