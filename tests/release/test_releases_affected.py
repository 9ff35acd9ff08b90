"""What was withdrawn after a release: which releases hold it, and what their downloaders are told."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from held_study import HELD, run, told

import harmonize
from harmonize.engine.store import open_store
from harmonize.pipeline.stores import open_current
from harmonize.release.builds import affected, notice, remember_release

SHA = "ab" * 32


def _remember(study: Path) -> None:
    """Two releases: 1.0 with all, 1.1 with the first delivery alone."""
    with open_current(study) as store, store.transaction() as con:
        cases = [("H", "p1", "pub-one"), ("H", "p2", "pub-two"), ("H", "p3", "pub-three"), ("H", HELD, "pub-four")]
        made = {"sha256": SHA, "who": "Ada", "at": datetime(2026, 5, 1)}
        assert remember_release(con, "H", "1.0", place="r/1.0", submissions=[1, 2], persons=cases, **made) == 1
        assert remember_release(con, "H", "1.1", place="r/1.1", submissions=[1], persons=cases[:3], **made) == 2


def test_nothing_is_said_while_nothing_is_withdrawn(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _remember(study)
    assert run("release", "affected", "--db", study) == 0
    assert capsys.readouterr().out == "No release holds what was withdrawn.\n"
    entries = told(capsys, "audit", "show", "--subject", "H", "--json", "--db", study)
    assert [(entry["act"], entry["details"]["version"]) for entry in entries if entry["act"] == "release.built"] == [
        ("release.built", "1.0"),
        ("release.built", "1.1"),
    ]


def test_a_withdrawn_delivery_is_named_for_each_release_that_holds_it(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _remember(study)
    assert run("submission", "withdraw", 2, "--db", study) == 0
    said = capsys.readouterr().err
    assert "The release 1.0 of H (r/1.0) holds 1 withdrawn submissions (2) and 1 withdrawn persons." in said
    assert "1.1" not in said
    found = told(capsys, "release", "affected", "--json", "--db", study, code=1)
    assert [(one["version"], one["submissions"], one["persons"]) for one in found] == [("1.0", [2], ["pub-four"])]
    (written,) = study.with_name("study.duckdb.notices").iterdir()
    text = written.read_text(encoding="utf-8")
    assert "H, version 1.0" in text
    assert SHA in text
    assert "  pub-four\n" in text
    assert HELD not in text


def test_a_withdrawn_person_is_named_by_pseudonym_alone(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _remember(study)
    assert run("person", "withdraw", "H", "p2", "--who", "Ada", "--why", "consent was taken back", "--db", study) == 0
    assert "holds 1 withdrawn persons" in capsys.readouterr().err
    assert run("release", "affected", "--notices", tmp_path / "notices", "--db", study) == 1
    notices = sorted((tmp_path / "notices").iterdir())
    assert [path.name for path in notices] == ["withdrawal-notice-1-1.0.txt", "withdrawal-notice-2-1.1.txt"]
    for path in notices:
        text = path.read_text(encoding="utf-8")
        assert "Withdrawn persons: 1" in text
        assert "pub-two" in text
        assert "p2" not in text.replace("pub-two", "")
        assert "consent" not in text
    log = told(capsys, "audit", "show", "--json", "--db", study)
    withdrawn = [entry for entry in log if entry["act"] == "person.withdrawn"]
    assert [(entry["who"], entry["details"]["why"]) for entry in withdrawn] == [("Ada", "consent was taken back")]
    assert withdrawn[0]["subject"].startswith("case ")
    assert "p2" not in withdrawn[0]["subject"].removesuffix(" of H").split()


def test_in_python(study: Path, tmp_path: Path) -> None:
    _remember(study)
    with harmonize.open(study) as db:
        result = db.submission.withdraw(2, who="Ada", why="asked for by the site")
        assert any("The release 1.0 of H" in sentence for sentence in result.notes) is True
        assert [row["version"] for row in db.release.affected(tmp_path / "n")] == ["1.0"]
        assert len(list((tmp_path / "n").iterdir())) == 1
        assert db.audit.verify().problems == []


def test_a_rejected_delivery_is_named_too(study: Path) -> None:
    _remember(study)
    assert run("submission", "step", 2, "rejected", "--who", "Ada", "--why", "wrong files", "--db", study) == 0
    with open_store(study, read_only=True) as store:
        (found,) = affected(store.con)
    assert (found.version, found.submissions, found.persons) == ("1.0", [2], [])
    assert "Withdrawn persons: 0" in notice(found, date(2026, 6, 1))
