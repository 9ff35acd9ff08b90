"""Profiles of de-identification as data: a rule for every kind of column, own ones, what they need on file, codes."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
import small

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.store import open_store
from harmonize.export.allow_list import BECOMES
from harmonize.export.profiles import ACTS, find_profile, shipped_names
from harmonize.export.publish import publish
from harmonize.pipeline.project import set_project
from harmonize.validation.rules import rule_texts

NOTES = """
INSERT INTO omop.note BY NAME SELECT range AS note_id, range % 2 + 1 AS person_id, DATE '2021-03-01' AS note_date,
    0 AS note_type_concept_id, 0 AS note_class_concept_id, 0 AS encoding_concept_id, 0 AS language_concept_id,
    ['No effusion.', 'Call 617-555-0134 on 2021-03-02 about it.'][range + 1] AS note_text FROM range(2)
"""


def test_every_kind_of_column_has_one_rule_in_each_profile() -> None:
    assert shipped_names() == ("expert_determination", "limited_data_set", "project", "safe_harbor")
    assert ACTS.keys() <= BECOMES
    for name in shipped_names():
        profile = find_profile(name)
        for word in BECOMES:
            assert profile.does(word) in ACTS.get(word, ("kept",)), (name, word)
        assert {scan for rule in profile.rules for scan in rule.scan} <= rule_texts().keys()
        assert [rule.name for rule in profile.rules if len(rule.says) < 20 or not rule.citation] == []


def test_safe_harbor_has_a_rule_for_each_of_the_eighteen() -> None:
    profile = find_profile("safe_harbor")
    letters = {letter for rule in profile.rules for letter in re.findall(r"\(i\)\(([A-R])\)", rule.citation)}
    assert letters == set("ABCDEFGHIJKLMNOPQR")
    assert (profile.is_coded, profile.is_relative, profile.is_limited, profile.rare) == (True, True, False, 11)
    # what may stay in a limited data set goes here
    assert {word: profile.does(word) for word in ("date", "day", "place", "note", "public")} == {
        "date": "dropped", "day": "relative", "place": "dropped", "note": "dropped", "public": "dropped",
    }  # fmt: skip


@pytest.mark.parametrize(("text", "said"), [
    ("extends: safe_harbour", "no shipped profile"),
    ("extends: safe_harbor\nrules: {notes: {does: {note: kept}}}", "no rule notes"),
    ("extends: safe_harbor\nrules: {any_other: {does: {note: kept}}}", "note cannot be kept"),
    ("extends: safe_harbor\nrules: {names: {does: {note: dropped}}}", "2 rules say what becomes of note"),
    ("extends: safe_harbor\nrare: 0", "rare"),
    ("extends: safe_harbor\nfirst_day: soon", "not sound"),
    ("extends: safe_harbor\nrules: {dates: {does: {day: kept}}}", "not sound"),
    ("extends: safe_harbor\nrars: 5", "unknown key rars"),
    ("[1]", "no profile"),
])  # fmt: skip
def test_an_unsound_profile_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(InputError, match=said):
        find_profile(str(tmp_path / "own.yaml"))


def test_names_that_are_no_profile(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no profile safe_habor") as caught:
        find_profile("safe_habor")
    assert "safe_harbor" in (caught.value.hint or "")
    with pytest.raises(InputError, match="does not exist"):
        find_profile(str(tmp_path / "none.yaml"))
    (tmp_path / "Own One.yaml").write_text("extends: safe_harbor")
    with pytest.raises(InputError, match="small letters"):
        find_profile(str(tmp_path / "Own One.yaml"))


def _about(path: Path) -> tuple[str, str, str | None]:
    with duckdb.connect(str(path), read_only=True) as con:
        (row,) = con.execute("SELECT kind, profile, reference FROM harmonize.publication").fetchall()
    return row


def test_what_a_profile_needs_on_file(empty_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, target = small.make(empty_store, tmp_path), tmp_path / "public.duckdb"
    command = ["publish", "--db", str(store), "--to", str(target), "--profile"]
    for name, needed in (("expert_determination", "determination"), ("limited_data_set", "agreement")):
        assert main([*command, name]) == 2
        assert f"--{needed} REF" in capsys.readouterr().err
    assert not target.exists()
    assert main([*command, "safe_harbor", "--limited-data-set"]) == 2
    assert main([*command, "safe_harbor", "--report", "report.txt"]) == 2
    with open_store(store) as opened:
        set_project(opened, "P", determination="ED 2026-7", uids="remap")
    assert main([*command, "expert_determination"]) == 0
    assert _about(target) == ("de-identified", "expert_determination", "ED 2026-7")
    page = tmp_path / "columns.html"
    assert main([*command, "limited_data_set", "--agreement", "DUA 12", "--report", str(page)]) == 0
    assert _about(target) == ("limited data set", "limited_data_set", "DUA 12")
    assert "It is a limited data set" in capsys.readouterr().err
    assert "DUA 12" in page.read_text()
    assert "fewer than 11" in page.read_text()


def _ids(path: Path) -> list[tuple[int, str]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute("SELECT person_id, person_source_value FROM omop.person ORDER BY ALL").fetchall()


def test_codes_stay_and_no_other_profile_has_them(empty_store: Path, tmp_path: Path) -> None:
    store, target = small.make(empty_store, tmp_path), tmp_path / "public.duckdb"
    publish(store, target)
    keyed = _ids(target)
    with open_store(store) as opened:
        opened.con.execute(NOTES)
    result = publish(store, target, profile="safe_harbor")
    codes = store.with_name("store.duckdb.codes")
    assert [warning for warning in result.warnings if "crosswalk" in warning]
    assert codes.stat().st_mode & 0o077 == 0
    first = _ids(target)
    assert not {cell for row in first for cell in row} & {cell for row in keyed for cell in row}
    # a profile of one's own has the same codes; a note is told without what identifies
    own = tmp_path / "our_notes.yaml"
    own.write_text("extends: safe_harbor\nrare: 1\nrules: {any_other: {does: {note: redacted}}}\n")
    assert publish(store, target, profile=str(own)).warnings == []
    assert _ids(target) == first
    with duckdb.connect(str(target), read_only=True) as con:
        notes = {text for (text,) in con.execute("SELECT note_text FROM omop.note").fetchall()}
        assert con.execute("SELECT DISTINCT measurement_source_value FROM omop.measurement").fetchall() == [("sodium",)]
        assert con.execute("SELECT profile FROM harmonize.publication").fetchall() == [("our_notes",)]
    assert "No effusion." in notes
    assert len(notes) == 2
    assert not re.search("617|0134|2021", " ".join(notes))
    codes.rename(tmp_path / "elsewhere.codes")
    with pytest.raises(InputError, match="crosswalk of codes that the store was published with is not at"):
        publish(store, target, profile="safe_harbor")
    assert not codes.exists()
    publish(store, target, profile="safe_harbor", codes=tmp_path / "elsewhere.codes")
    assert _ids(target) == first
    publish(store, target, profile="safe_harbor", new_key=True)
    assert not {cell for row in _ids(target) for cell in row} & {cell for row in first for cell in row}
    with pytest.raises(InputError, match="is not the crosswalk"):
        publish(store, target, profile="safe_harbor", codes=tmp_path / "elsewhere.codes")


def test_real_dates_need_no_agreement_where_none_is_told(empty_store: Path, tmp_path: Path) -> None:
    real = "UPDATE harmonize.project SET shifted_by_source = NULL"
    store, target = small.make(empty_store, tmp_path, real), tmp_path / "public.duckdb"
    with pytest.raises(InputError, match="as they are"):
        publish(store, target)
    publish(store, target, profile="safe_harbor")
    assert _about(target) == ("de-identified", "safe_harbor", None)
    with duckdb.connect(str(target), read_only=True) as con:
        assert [
            str(day) for (day,) in con.execute("SELECT DISTINCT measurement_date FROM omop.measurement").fetchall()
        ] == ["2000-01-01"]
        # of two persons alone no text is told
        assert con.execute("SELECT count(measurement_source_value) FROM omop.measurement").fetchone() == (0,)
