"""CIRR: batches of node TSVs as ACR sends them, and tables of the assumed registry profile."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import cirr_registry
import gen3_batch
import pytest
from same_database import differences, snapshot

from harmonize.engine.errors import InputError
from harmonize.engine.store import Store, open_store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load
from harmonize.validation.validate import validate

PROJECT = "Open-A1"
MANIFEST = (
    "submitter_id\tseries.submitter_id\t*md5sum\t*file_size\tstorage_urls\n"
    "419639-000001_x\t419639-000001_1.2.1.1\t0123456789abcdef0123456789abcdef\t1,234,567\ts3://bucket/a.zip\n"
)


FEVERS = "SELECT count(*) FROM omop.condition_occurrence WHERE condition_source_value = 'fever_ceoccur_v2'"


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.con.execute(query).fetchall()


@pytest.mark.parametrize("project", [PROJECT, "Open-A1_PETAL_REDCORAL"])
def test_a_batch_of_node_tsvs(new_store: Store, tmp_path: Path, project: str) -> None:
    batch = tmp_path / "batch"
    gen3_batch.write_batch(batch)
    for path in list(batch.iterdir()):
        path.rename(path.with_name(path.name.replace("RSNA_20230303", "ACR_20211115")))
    (batch / "image_ACRPETAL_20211220.tsv").write_text(MANIFEST, encoding="utf-8")
    result = load(new_store, [batch], source="cirr", project=project)
    assert result.states["quarantined"] == 0
    assert result.states["loaded"] > 10
    assert rows(new_store, "SELECT reason FROM harmonize.ledger WHERE file LIKE 'image_ACR%'") == [("manifest",)]
    assert rows(new_store, "SELECT DISTINCT measurement_type_concept_id FROM omop.measurement") == [(32879,)]
    again = load(new_store, [batch], source="cirr", project=project)
    assert again.states["unchanged"] == again.records


def test_registry_tables(new_store: Store, tmp_path: Path) -> None:
    paths = cirr_registry.write(tmp_path / "a", {
        "patient": [
            {"subjid": "A1", "age_estimateyears": "50", "sex": "2", "hostdat": "2020-04-01", "dsstdtc": "2020-04-09",
             "dsterm": "4", "fever_ceoccur_v2": "1", "hypertension_mhyn": "2", "invasive_proccur": "Yes",
             "icu_hoterm": "Yes", "corticost_cmyn": "99"},
            {"subjid": "A2", "age_estimateyears": "91", "sex": "Male", "icu_hoterm": "2"},
        ],
        "laboratory": [
            {"subjid": "A1", "lbdtc": "2020-04-02", "lbloinc": "1988-5", "lborres": "12.5", "lborresu": "mg/L"},
            {"subjid": "A1", "lbdtc": "4/1/2020", "lbloinc": "94500-6", "lborres": "Positive"},
        ],
        "imaging": [{"subjid": "A1", "study_uid": "1.2.1", "study_date": "2020-04-02", "study_modality": "CT"}],
    })  # fmt: skip
    result = load(new_store, paths, source="cirr", mapping="cirr", project=PROJECT)
    assert result.notes[0].startswith("The schema cirr is assumed")
    people = "SELECT person_source_value, year_of_birth, precision FROM omop.person "
    people += "JOIN harmonize.person_age USING (person_id) ORDER BY 1"
    assert rows(new_store, people) == [("A1", 1970, "age"), ("A2", 1900, "gt89")]
    assert rows(new_store, "SELECT visit_start_date::VARCHAR, visit_end_date::VARCHAR FROM omop.visit_occurrence") == [
        ("2020-04-01", "2020-04-09")
    ]
    assert rows(new_store, "SELECT visit_detail_concept_id FROM omop.visit_detail") == [(32037,)]
    assert rows(new_store, "SELECT death_date::VARCHAR FROM omop.death") == [("2020-04-09",)]
    assert rows(new_store, "SELECT condition_source_value FROM omop.condition_occurrence") == [("fever_ceoccur_v2",)]
    said = "SELECT observation_source_value, value_as_string FROM omop.observation WHERE observation_source_value <> "
    assert rows(new_store, said + "'age_precision' ORDER BY 1") == [
        ("corticost_cmyn", "Unknown"), ("hypertension_mhyn", "No")]  # fmt: skip
    tests = (
        "SELECT value_as_number, unit_source_value, value_source_value, measurement_date::VARCHAR FROM omop.measurement"
    )
    assert rows(new_store, tests + " ORDER BY measurement_date") == [
        (None, None, "Positive", "2020-04-01"), (12.5, "mg/L", "12.5", "2020-04-02")]  # fmt: skip
    assert rows(new_store, "SELECT visit_occurrence_id IS NOT NULL FROM harmonize.image_link") == [(True,)]


def test_a_site_names_its_own_headers(empty_store: Path, tmp_path: Path) -> None:
    registry = cirr_registry.registry(1, 30)
    columns = cirr_registry.write_columns(tmp_path)
    stores = []
    for own in (False, True):
        path = Path(shutil.copy(empty_store, tmp_path / f"own_{own}.duckdb"))
        with open_store(path) as store:
            paths = cirr_registry.write(tmp_path / str(own), registry, own_headers=own)
            result = load(
                store, paths, source="cirr", project=PROJECT, mapping="cirr", columns=columns if own else None
            )
            assert result.findings["errors"] == 0
        stores.append(snapshot(path))
    assert len(stores[0]['omop."person"']) == 30
    # all is the same but the version of the mapping, which the file of headers is a part of
    assert differences(*stores) == {'omop."metadata"': 2}


def test_columns_choose_the_profile_and_count_as_content(new_store: Store, tmp_path: Path) -> None:
    columns = cirr_registry.write_columns(tmp_path)
    paths = cirr_registry.write(tmp_path / "own", cirr_registry.registry(2, 3), own_headers=True)
    first = load(new_store, paths, source="cirr", project=PROJECT, columns=columns)
    again = load(new_store, paths, source="cirr", project=PROJECT, columns=columns)
    assert again.states["unchanged"] == first.records == 3 + 9 + 3
    assert rows(new_store, FEVERS)[0][0] > 0
    text = columns.read_text(encoding="utf-8")
    columns.write_text(text.replace("patient\tfever_ceoccur_v2\tFever?\n", ""), encoding="utf-8")
    changed = load(new_store, paths, source="cirr", project=PROJECT, columns=columns)
    assert changed.states["unchanged"] == 0
    assert rows(new_store, FEVERS) == [(0,)]
    with pytest.raises(InputError, match="--source idc has no profile"):
        load(new_store, paths, source="idc", project=PROJECT, columns=columns)


def test_withdrawn_as_before(empty_store: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(empty_store, tmp_path / "store.duckdb"))
    first = cirr_registry.write(tmp_path / "first", cirr_registry.registry(3, 20))
    second = cirr_registry.write(tmp_path / "second", cirr_registry.registry(4, 25))
    with open_store(path) as store:
        load(store, first, source="cirr", mapping="cirr", project=PROJECT)
    before = snapshot(path)
    with open_store(path) as store:
        later = load(store, second, source="cirr", mapping="cirr", project=PROJECT)
        assert later.states["loaded"] > 0
        withdraw(store, later.submission)
    assert differences(before, snapshot(path)) == {}


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    registry = cirr_registry.registry(5, 2)
    registry["patient"][0] |= {"sex": "7", "dsstdtc": "2020-01-01", "fever_ceoccur_v2": "perhaps"}
    registry["laboratory"][0] |= {"lborres": "", "lbloinc": "1988-4"}
    with validate(cirr_registry.write(tmp_path / "a", registry), source="cirr", mapping="cirr") as result:
        found = result.con.execute(
            "SELECT rule, count(*) FROM harmonize.finding JOIN harmonize.rule USING (rule_id) GROUP BY 1"
        ).fetchall()
        assert result.notes[0].startswith("The schema cirr is assumed")
    assert dict(found).items() >= {"enum": 2, "end_before_start": 1, "required": 1, "code_form": 1}.items()
