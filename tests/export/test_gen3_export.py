"""Gen3 export: a batch comes out as it went in, and every row that does not go out is named with its reason."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from gen3_batch import BATCH_ROWS, PROJECT, read_node, write_batch

import harmonize
from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.store import Store, open_store
from harmonize.export.gen3 import LOSSES, export_gen3
from harmonize.pipeline.load import load
from harmonize.pipeline.store_schema import create


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the batch, to be copied."""
    folder = tmp_path_factory.mktemp("gen3")
    with open_store(folder / "store.duckdb", create=True, initialise=create) as opened:
        load(opened, [write_batch(folder / "batch")], source="gen3", project=PROJECT)
    return folder


@pytest.fixture
def store(loaded: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(loaded / "batch", tmp_path / "batch")
    with open_store(Path(shutil.copy(loaded / "store.duckdb", tmp_path))) as opened:
        yield opened


def losses(folder: Path) -> set[tuple[str, str, str, str]]:
    with (folder / "export_loss.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {(row["node"], row["submitter_id"], row["reason"], row["property"]) for row in rows}


def test_round_trip(store: Store, tmp_path: Path) -> None:
    result = export_gen3(store, tmp_path / "out")
    expected = {records[0]["type"]: records for node, records in BATCH_ROWS.items() if node != "dataset"}
    assert set(result.files) == {f"{node}_{PROJECT}.tsv" for node in expected}
    for node, records in expected.items():
        written = read_node(tmp_path / "out" / f"{node}_{PROJECT}.tsv")
        for record, sent in zip(written, sorted(records, key=lambda record: record["submitter_id"]), strict=True):
            # a study that came without a code has the one that its description stands for, and its days to the tests
            made = {name for name in record.keys() - sent.keys() if name.startswith(("loinc_", "days_from_study_to_"))}
            assert {name: cell for name, cell in record.items() if name not in made} == sent
            if record["submitter_id"] == "1.2.2":
                assert record["days_from_study_to_neg_covid_test"] == "3"
    # nothing of the batch is lost: what is left behind says a property of an exported node again
    assert {reason for _, _, reason, _ in losses(tmp_path / "out")} == {"restated", "no_node"}


def test_the_exported_batch_loads_as_unchanged(store: Store, tmp_path: Path) -> None:
    export_gen3(store, tmp_path / "out")
    with open_store(tmp_path / "second.duckdb", create=True, initialise=create) as second:
        result = load(second, [tmp_path / "out"], source="gen3", project=PROJECT)
        assert (result.states["loaded"], result.findings["errors"]) == (18, 0)
        export_gen3(second, tmp_path / "again")
    for path in (tmp_path / "out").glob(f"*_{PROJECT}.tsv"):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


CHANGES = [
    ("UPDATE midrc.condition SET assertion = 'absent' WHERE submitter_id = 'C1'",
     {("condition", "C1", "not_affirmed", "assertion"), ("procedure", "P1", "link", "conditions")}),
    ("UPDATE midrc.condition SET kind = 'history' WHERE submitter_id = 'C1'",
     {("condition", "C1", "not_affirmed", "kind"), ("procedure", "P1", "link", "conditions")}),
    ("UPDATE midrc.\"case\" SET race = 'Martian' WHERE case_key = '419639-000003'",
     {("case", "419639-000003", "enum", "race"), ("measurement", "T3", "link", "cases")}),
    ("UPDATE midrc.\"case\" SET race_ethnicity = ['White', 'Red'] WHERE case_key = '419639-000003'",
     {("case", "419639-000003", "enum", "race_ethnicity"), ("measurement", "T3", "link", "cases")}),
    ("UPDATE midrc.\"case\" SET age_at_index = 89.5 WHERE case_key = '419639-000003'",
     {("case", "419639-000003", "maximum", "age_at_index"), ("measurement", "T3", "link", "cases")}),
    ("UPDATE midrc.\"case\" SET age_at_index = -1 WHERE case_key = '419639-000003'",
     {("case", "419639-000003", "minimum", "age_at_index"), ("measurement", "T3", "link", "cases")}),
    ("UPDATE midrc.\"case\" SET datasets = NULL WHERE case_key = '419639-000003'",
     {("case", "419639-000003", "required", "datasets"), ("measurement", "T3", "link", "cases")}),
    ("UPDATE midrc.imaging_series SET md5sum = 'XYZ' WHERE submitter_id = '1.2.1.1'",
     {("ct_series_file", "1.2.1.1", "pattern", "md5sum")}),
    ("UPDATE midrc.imaging_series SET data_category = NULL, modality = 'SR' WHERE submitter_id = '1.2.1.1'",
     {("imaging_series", "1.2.1.1", "no_node", "SR")}),
    ("UPDATE midrc.observation SET observation_name = NULL, observation_answer = NULL, days_to_observation = NULL "
     "WHERE submitter_id = 'O1'", {("observation", "O1", "no_content", "")}),
    ("UPDATE midrc.measurement SET submitter_id = 'T1' WHERE submitter_id = 'T2'",
     {("measurement", "T1", "repeated", "")}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_reasons(store: Store, tmp_path: Path, change: str, expected: set[tuple[str, str, str, str]]) -> None:
    export_gen3(store, tmp_path / "before")
    store.con.execute(change)
    result = export_gen3(store, tmp_path / "after")
    assert losses(tmp_path / "after") - losses(tmp_path / "before") == expected
    assert sum(result.files.values()) == 18 - len(expected)


def test_a_link_is_by_the_name_that_the_other_row_has(store: Store, tmp_path: Path) -> None:
    """A study's submitter_id need not be its UID; series and annotations name the study as it is called."""
    export_gen3(store, tmp_path / "before")
    store.con.execute(
        "UPDATE midrc.imaging_study SET submitter_id = 'study of ' || study_uid;"
        "UPDATE midrc.imaging_series SET imaging_studies = 'study of ' || imaging_studies;"
    )
    export_gen3(store, tmp_path / "after")
    for path in sorted((tmp_path / "before").glob("*_series_file_*.tsv")):
        links = [[row["imaging_studies.submitter_id"] for row in read_node(file)]
                 for file in (path, tmp_path / "after" / path.name)]  # fmt: skip
        assert links[1] == [f"study of {name}" for name in links[0]]
        assert links[0]
    assert losses(tmp_path / "after") == losses(tmp_path / "before")


def test_every_reason_is_tested() -> None:
    tested = {reason for _, expected in CHANGES for _, _, reason, _ in expected}
    assert tested | {"restated"} == set(LOSSES)


def test_dataset_for_rows_that_name_none(store: Store, tmp_path: Path) -> None:
    store.con.execute('UPDATE midrc."case" SET datasets = NULL; UPDATE midrc.imaging_study SET datasets = NULL')
    assert export_gen3(store, tmp_path / "without").files == {}
    export_gen3(store, tmp_path / "with", dataset="O'Hare_20260101")
    cases = read_node(tmp_path / "with" / f"case_{PROJECT}.tsv")
    assert {case["datasets.submitter_id"] for case in cases} == {"O'Hare_20260101"}


def test_projects(store: Store, tmp_path: Path) -> None:
    load(store, [tmp_path / "batch"], source="gen3", project="Open A/1")
    assert len(export_gen3(store, tmp_path / "one", project="Open A/1").files) == 10
    both = export_gen3(store, tmp_path / "both")
    assert len(both.files) == 20
    assert "case_Open_A_1.tsv" in both.files
    with pytest.raises(InputError, match="no project 'Open-R2'"):
        export_gen3(store, tmp_path / "none", project="Open-R2")
    with pytest.raises(InputError, match="holds TSVs already"):
        export_gen3(store, tmp_path / "both")


def test_command(store: Store, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    store.con.close()
    db = ["--db", str(tmp_path / "store.duckdb")]
    assert main(["export", "gen3", *db, "--to", str(tmp_path / "out"), "--json"]) == 0
    told = json.loads(capsysbinary.readouterr().out)
    assert told["exported"] == 18
    assert told["files"][f"case_{PROJECT}.tsv"] == 3
    assert {"project": PROJECT, "node": "visit_detail", "reason": "no_node", "rows": 1,
            "meaning": LOSSES["no_node"]} in told["lost"]  # fmt: skip
    assert main(["export", "gen3", *db, "--to", str(tmp_path / "text")]) == 0
    assert b"case_Open-R1.tsv" in capsysbinary.readouterr().out
    assert main(["export", "gen3", *db, "--to", str(tmp_path / "store.duckdb")]) == 2


def test_an_export_of_nothing_says_why_and_what_to_type(
    store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store.con.execute('UPDATE midrc."case" SET datasets = NULL; UPDATE midrc.imaging_study SET datasets = NULL')
    store.close()
    command = ["export", "gen3", "--db", str(tmp_path / "store.duckdb"), "--to", str(tmp_path / "out")]
    for said in ([], ["--json"]):  # the second export finds what the first one left
        assert main([*command, *said]) == 1
        sentence, hint = capfd.readouterr().err.splitlines()[-2:]
        assert sentence.startswith(
            "Nothing is exported: 5 cases and studies name no batch (dataset), which Gen3 requires"
        )
        assert hint.endswith(f"harmonize {' '.join(command)} --dataset BATCH")
    assert main([*hint.partition("harmonize ")[2].split()]) == 0
    assert (tmp_path / "out" / f"case_{PROJECT}.tsv").exists()


def test_an_export_of_nothing_names_the_most_frequent_reason(store: Store, tmp_path: Path) -> None:
    store.con.execute("UPDATE midrc.\"case\" SET race = 'Martian'")
    said = export_gen3(store, tmp_path / "out").nothing()
    assert said is not None
    assert said.startswith("Nothing is exported: of Open-R1, 3 rows of case are left out as enum (the value is none of")


def test_call(store: Store, tmp_path: Path) -> None:
    store.con.close()
    with harmonize.open(tmp_path / "store.duckdb", read_only=True) as db:
        assert sum(db.export_gen3(tmp_path / "out").files.values()) == 18
