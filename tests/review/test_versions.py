"""`harmonize mapping diff`: what differs in meaning, and which loaded rows that touches."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harmonize.cli.main import main
from harmonize.engine.paths import root
from harmonize.review.decide import decide
from harmonize.review.mappings import reviewed_rows
from harmonize.review.versions import MeaningChange, meaning_changes

Edit = Callable[..., None]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return Path(shutil.copytree(root("mappings") / "ehr" / "covid_19_ny_sbu", tmp_path / "site"))


@pytest.fixture
def edit(site: Path) -> Edit:
    """Replace a text, which must be there, in a file of the copy."""

    def change(file: str, old: str, new: str) -> None:
        text = (site / file).read_text(encoding="utf-8")
        assert old in text
        (site / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def found(site: Path) -> list[MeaningChange]:
    return meaning_changes("covid_19_ny_sbu", str(site))


def test_comments_order_and_reviews_are_no_differences(site, edit):
    decide(site, reviewed_rows(site)[:1], "accept", reviewer="site:ben", date="2026-01-05")
    edit("clinical.map.yaml", "class_derivations:", "# words\nclass_derivations:")
    edit("clinical.map.yaml", "last_status == 'deceased'", "last_status  ==  'deceased'")
    edit("answers.sssom.tsv", "skos:closeMatch", "skos:relatedMatch")
    assert found(site) == []
    assert main(["mapping", "diff", "covid_19_ny_sbu", str(site)]) == 0


def test_each_kind_of_difference(site, edit):
    edit("clinical.map.yaml", "last_status == 'deceased'", "last_status == 'dead'")
    edit("columns.sssom.tsv", "SNOMED:38341003", "SNOMED:59621000")
    edit("answers.sssom.tsv", "NY_SBU:smoking_status_v#Former", "NY_SBU:smoking_status_v#Ex")
    edit("project.yaml", "source_anchor: 1901-01-01", "source_anchor: 1901-01-02")
    changes = {(one.kind, one.place): one for one in found(site)}
    assert len(changes) == 5
    when = next(one for one in changes.values() if one.slot == "when_")
    assert (when.kind, when.old, when.new) == ("slot_changed", "last.status is “deceased”", "last.status is “dead”")
    value = changes["value_changed", "NY_SBU:htn_v"]
    assert (value.old, value.new) == ("SNOMED:38341003", "SNOMED:59621000")
    assert ("value_removed", "NY_SBU:smoking_status_v#Former") in changes
    assert ("value_added", "NY_SBU:smoking_status_v#Ex") in changes
    assert changes["project_changed", "time.source_anchor"].new == "1901-01-02"


def test_derivations_and_exclusions_come_and_go(tmp_path):
    clinic = Path(__file__).parents[1] / "mapping" / "data" / "clinic"
    copy = Path(shutil.copytree(clinic, tmp_path / "clinic"))
    path = copy / "clinic.map.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("part_: {value: cough}", "part_: {value: coughing}"), encoding="utf-8")
    kinds = {(one.kind, one.place, bool(one.old), bool(one.new)) for one in meaning_changes(str(clinic), str(copy))}
    assert kinds == {("row_removed", "stay/cough", True, False), ("row_added", "stay/coughing", False, True)}
    path.write_text(text, encoding="utf-8")
    excluded = copy / "excluded.tsv"
    line = "ward\tbeds\tnot about a patient\n"
    excluded.write_text(excluded.read_text(encoding="utf-8").replace(line, ""), encoding="utf-8")
    assert main(["mapping", "diff", str(clinic), str(copy)]) == 2, "a column that nobody reads is a fault"


@pytest.mark.realdata
def test_loaded_rows_are_counted_and_named(shared, site, edit, tmp_path, capsys):
    db = tmp_path / "s.duckdb"
    clinical = str(shared / "ehr_covid_19_ny_sbu" / "clinical.csv")
    project = "TCIA-COVID-19-NY-SBU"
    assert (
        main(
            ["load", clinical, "--source", "ehr", "--mapping", "covid_19_ny_sbu", "--project", project, "--db", str(db)]
        )
        == 0
    )
    edit("clinical.map.yaml", "last_status == 'deceased'", "last_status == 'dead'")
    edit("columns.sssom.tsv", "SNOMED:38341003", "SNOMED:59621000")
    capsys.readouterr()
    command = ["mapping", "diff", "covid_19_ny_sbu", str(site), "--db", str(db), "--records", "5", "--json"]
    assert main(command) == 1
    shown = json.loads(capsys.readouterr().out)
    rows = {(one["place"], one["slot"]): one["rows"] for one in shown["changes"]}
    assert rows["NY_SBU:htn_v", ""] == 1109
    assert [count for (_, slot), count in rows.items() if slot == "when_"] == [183]
    assert len(shown["records"]) == 5
    assert {one["file"] for one in shown["records"]} == {"clinical.csv"}
    assert all(one["line"] > 1 for one in shown["records"])


def test_records_need_a_store(capsys):
    assert main(["mapping", "diff", "fhir", "fhir", "--records", "3"]) == 2
    assert "--records needs a store" in capsys.readouterr().err
