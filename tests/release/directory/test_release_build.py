"""A release: what lies in it, what stands against it, what the store remembers, and that nothing can be changed."""

from __future__ import annotations

import json
import shutil
import stat
from contextlib import closing
from pathlib import Path

import duckdb
import held_study
import pytest
from held_study import HELD, run, told

import harmonize.release as release
from harmonize.engine.errors import InputError, RefusedError
from harmonize.engine.store import open_store
from harmonize.pipeline.stores import open_current
from harmonize.release.directory import build as building


@pytest.fixture(scope="module")
def built(made_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of which 1.0 was built; its rules ask for no k."""
    folder = tmp_path_factory.mktemp("built")
    store = held_study.copied_study(made_study, folder)
    (folder / "rules.yaml").write_text("k: 1\n", encoding="utf-8")
    assert run("project", "rules", "H", "--file", folder / "rules.yaml", "--who", "Ada", "--db", store) == 0
    _waive(store)
    (one,) = release.build(
        store, folder / "out", project="H", version="1.0", forms=["duckdb", "parquet", "csv"], who="Ada"
    )
    assert one.persons == 4
    return store


def _waive(store: Path) -> None:
    """The study has an age over 89, which a steward has looked at."""
    assert (
        run("submission", "waive", 1, "phi_age", "--who", "Ada", "--why", "judged when published", "--db", store) == 0
    )


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Path:
    """A copy of the release that a test may change."""
    target = tmp_path / "H-1.0"
    shutil.copytree(built.parent / "out" / "H-1.0", target)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Path:
    return held_study.copied_study(built, tmp_path)


def test_a_release_has_data_documents_and_sums_and_is_read_only(built: Path) -> None:
    place = built.parent / "out" / "H-1.0"
    assert {path.name for path in place.iterdir()} == {
        "open", "README.md", "README.html", "terms.txt", "citation.txt", "acknowledgement.txt", "dictionary.html",
        "quality.html", "links.html", "columns.html", "risk.json", "release.json", "manifest.json", "datacite.json",
        "checksums.sha256",
    }  # fmt: skip
    modes = {stat.S_IMODE(path.stat().st_mode) for path in place.rglob("*") if path.is_file()}
    assert modes == {0o444}
    about = json.loads((place / "release.json").read_bytes())
    assert about["records"]["omop.person"] == 4
    assert [one["submission"] for one in about["submissions"]] == [1, 2]
    assert "year_of_birth" in (place / "dictionary.html").read_text(encoding="utf-8")
    heads = built.with_name("study.duckdb.audit-heads")
    result = release.verify(place, audit_heads=heads)
    assert result.problems == []


def test_the_store_and_its_log_remember_it(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = told(capsys, "audit", "show", "--json", "--db", built)
    acts = [entry["act"] for entry in log]
    assert acts.index("release.begun") < acts.index("release.built")
    assert acts.count("submission.released") == 2
    assert HELD not in json.dumps(log)
    with open_store(built, read_only=True) as opened:
        remembered = dict(opened.con.execute("SELECT case_key, pseudonym FROM harmonize.release_person").fetchall())
    with closing(duckdb.connect(str(built.parent / "out/H-1.0/open/published.duckdb"), read_only=True)) as con:
        published = {key for (key,) in con.execute("SELECT case_key FROM midrc.case").fetchall()}
    assert set(remembered) == {"p1", "p2", "p3", HELD}
    assert set(remembered.values()) == published
    assert [row["state"] for row in release.list(db=built)] == ["built"]
    assert [row["version"] for row in release.list(built.parent / "out")] == ["1.0"]
    assert run("audit", "verify", "--db", built) == 0


def test_what_is_built_is_never_overwritten(built: Path, store: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="never overwritten"):
        release.build(built, built.parent / "out", project="H", version="1.0")
    with pytest.raises(InputError, match=r"has a release 1\.0"):
        release.build(store, tmp_path / "elsewhere", project="H", version="1.0")


@pytest.mark.parametrize(
    "name",
    [
        "open/published.duckdb", "open/parquet/omop/person.parquet", "open/csv/person.csv", "README.md", "terms.txt",
        "quality.html", "risk.json", "release.json", "manifest.json", "datacite.json", "checksums.sha256",
    ],
)  # fmt: skip
def test_one_changed_byte_is_named(copied: Path, name: str) -> None:
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)
    assert release.verify(copied).problems in ([f"{name} was changed."], [f"{name} is missing or no text."])


def test_what_is_missing_or_extra_is_named(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied / "terms.txt").unlink()
    (copied / "open" / "more.csv").write_text("x", encoding="utf-8")
    assert run("release", "verify", copied) == 1
    assert capsys.readouterr().out.splitlines() == ["terms.txt is missing.", "open/more.csv is no file of the release."]


def test_another_log_is_named(copied: Path, tmp_path: Path) -> None:
    (tmp_path / "heads").write_text("{}\n", encoding="utf-8")
    assert release.verify(copied, audit_heads=tmp_path / "heads").problems == [
        f"The head of the audit log that release.json names is not in {tmp_path / 'heads'}."
    ]


def test_catalogues_read_the_manifest(copied: Path) -> None:
    croissant = pytest.importorskip("mlcroissant")
    found = croissant.Dataset(jsonld=copied / "manifest.json")
    assert found.metadata.name == "H-1.0"
    assert {one.id for one in found.metadata.record_sets} >= {"omop.person", "midrc.case", "linked.person_summary"}


def test_open_findings_and_few_alike_stop_a_release(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RefusedError, match=r"Findings of submission 1 are open: phi_age \(1\)") as refused:
        release.build(study, tmp_path / "out", project="H", version="1")
    assert refused.value.hint == "harmonize submission waive 1 phi_age --who NAME --why TEXT"
    _waive(study)
    (tmp_path / "rules.yaml").write_text("k: 11\n", encoding="utf-8")
    assert run("project", "rules", "H", "--file", tmp_path / "rules.yaml", "--who", "Ada", "--db", study) == 0
    capsys.readouterr()
    assert run("release", "build", "--project", "H", "--version", "1", "--db", study, "--to", tmp_path / "out") == 1
    assert "Some persons are alike with fewer than 10 others" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []
    assert release.list(db=study) == []


def test_what_is_embargoed_stays_behind(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    step = ("--until", "2099-01-01", "--who", "Ada", "--why", "not yet", "--db", store)
    assert run("submission", "step", 2, "embargoed", *step) == 0
    (one,) = release.build(store, tmp_path / "out", project="H", version="2.0")
    assert one.persons == 3

    found = release.diff(_built_before(store), Path(one.place))
    assert (found.persons_gone, found.persons_new) == (1, 0)
    assert (found.submissions_gone, found.submissions_new) == ([2], [])
    changes = {table.table: (table.only_a, table.changed) for table in found.tables}
    assert changes["omop.person"][0] == 1
    assert run("submission", "step", 1, "rejected", "--who", "Ada", "--why", "wrong files", "--db", store) == 0
    with pytest.raises(RefusedError, match="No submission of H may leave: 1 is rejected, 2 is embargoed"):
        release.build(store, tmp_path / "out", project="H", version="3.0")


def _built_before(store: Path) -> Path:
    with open_store(store, read_only=True) as opened:
        row = opened.con.execute("SELECT place FROM harmonize.release_build WHERE version = '1.0'").fetchone()
    assert row is not None
    assert row[0].endswith("H-1.0")
    return Path(row[0])


def test_a_crash_before_it_is_remembered_is_told_and_ended(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(building, "remember_release", crash)
        with pytest.raises(KeyboardInterrupt):
            release.build(store, tmp_path / "out", project="H", version="2.0", forms=["parquet"])
    states = {row["version"]: row["state"] for row in release.list(db=store)}
    assert states == {"1.0": "built", "2.0": "unfinished: run the same build again"}
    (one,) = release.build(store, tmp_path / "out", project="H", version="2.0", forms=["parquet"])
    assert one.finished is True
    assert {row["version"]: row["state"] for row in release.list(db=store)} == {"1.0": "built", "2.0": "built"}
    assert list(store.parent.glob("*.release-*")) == []
    assert not (Path(one.place) / "open" / "published.duckdb").exists()
    assert release.verify(one.place).problems == []


def test_sequestered_persons_lie_apart(store: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Nobody of H is sequestered"):
        release.build(store, tmp_path / "none", project="H", version="2.0", with_sequestered=True)
    with open_current(store) as opened, opened.transaction() as con:
        con.execute(
            "INSERT INTO harmonize.sequestration BY NAME "
            "SELECT 'H' AS project_id, 'p2' AS case_key, 'sequestered' AS side, 's' AS stratum, 'drawn' AS basis, "
            "1 AS seed, 0.2 AS fraction, TIMESTAMP '2026-01-01' AS assigned_at"
        )
    opened_side, apart = release.build(store, tmp_path / "out", project="H", version="2.1", with_sequestered=True)
    assert (opened_side.persons, apart.persons) == (3, 1)
    assert not (Path(opened_side.place) / "sequestered").exists()
    assert not (Path(apart.place) / "open").exists()
    assert Path(apart.place).name == "H-2.1-sequestered"


def test_how_many_are_alike_is_said_where_no_rule_asks(store: Path, tmp_path: Path) -> None:
    """The study has a handful of patients, each alone in what others may know."""
    (one,) = release.build(store, tmp_path / "out", project="H", version="2.0")
    assert "4 of 4 persons are alike with fewer than 10 others" in " ".join(one.warnings)
    assert json.loads((Path(one.place) / "risk.json").read_bytes())["k"] == 11


def test_the_rules_may_ask_for_a_lock(store: Path, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("k: 1\nsequestration_locked: true\n", encoding="utf-8")
    assert run("project", "rules", "H", "--file", tmp_path / "rules.yaml", "--who", "Ada", "--db", store) == 0
    with pytest.raises(RefusedError, match="4 cases of H have no side under a lock") as refused:
        release.build(store, tmp_path / "out", project="H", version="2.0")
    assert "harmonize sequester lock --project H" in str(refused.value.hint)
    assert not (tmp_path / "out").exists()
