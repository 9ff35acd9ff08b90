"""OMOP from hub rows that say less, or say it otherwise, than any mapping of ours writes today."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from harmonize.engine.paths import root, sql
from harmonize.engine.store import Store
from harmonize.pipeline import changes
from harmonize.pipeline.derive import touch_all
from harmonize.pipeline.finish import derive_again
from harmonize.pipeline.hub import SHARED_NODES
from harmonize.pipeline.load import load

RESOURCES: list[dict[str, Any]] = [
    {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-02-03",
     "address": [{"state": "IL", "country": "US"}], "managingOrganization": {"reference": "Organization/o1"}},
    {"resourceType": "Encounter", "id": "e1", "status": "finished", "subject": {"reference": "Patient/p1"},
     "class": {"code": "AMB"}, "period": {"start": "2021-05-01", "end": "2021-05-01"}},
    {"resourceType": "Encounter", "id": "e2", "status": "finished", "subject": {"reference": "Patient/p1"},
     "class": {"code": "EMER"}, "period": {"start": "2021-06-01", "end": "2021-06-01"}},
    {"resourceType": "Specimen", "id": "s1", "subject": {"reference": "Patient/p1"},
     "type": {"coding": [{"system": "http://snomed.info/sct", "code": "119297000"}]},
     "collection": {"collectedDateTime": "2021-05-01T09:30:00Z"}},
    {"resourceType": "DocumentReference", "id": "d1", "status": "current", "subject": {"reference": "Patient/p1"},
     "date": "2021-05-01T10:00:00Z", "type": {"text": "Progress note"},
     "content": [{"attachment": {"contentType": "text/plain", "data": "Q2xlYXIu"}}]},
]  # fmt: skip


@pytest.fixture
def store(new_store: Store, tmp_path: Path) -> Store:
    path = tmp_path / "export.ndjson"
    path.write_text("".join(json.dumps(resource) + "\n" for resource in RESOURCES), encoding="utf-8")
    load(new_store, [path], source="fhir", project="Open-R1")
    return new_store


def derived(store: Store, change: str, query: str) -> list[tuple[Any, ...]]:
    """The rows of `query` after `change` of the hub and a derivation of all cases."""
    with store.transaction() as con:
        changes.begin(con)
        con.execute(change)
        touch_all(con)
        derive_again(con)
        return con.execute(query).fetchall()


def test_a_state_that_is_no_code_of_two_letters_is_kept_as_source_alone(store: Store) -> None:
    places = "SELECT state, location_source_value FROM omop.location"
    assert store.con.execute(places).fetchall() == [("IL", "|IL|US")]
    found = derived(store, "UPDATE midrc.\"case\" SET residence_state = 'Illinois'", places)
    assert found == [(None, "|Illinois|US")]


def test_a_place_of_care_that_only_a_case_names_has_its_row(store: Store) -> None:
    found = store.con.execute(
        "SELECT care_site_source_value FROM omop.person JOIN omop.care_site USING (care_site_id)"
    ).fetchall()
    assert found == [("Organization/o1",)]


@pytest.mark.parametrize(("node", "date"), [("specimen", "specimen_date"), ("note", "note_date")])
def test_a_time_without_a_date_of_its_own_dates_the_row(store: Store, node: str, date: str) -> None:
    query = f"SELECT {date}::VARCHAR FROM omop.{node}"
    before = store.con.execute(query).fetchall()
    assert len(before) == 1
    assert derived(store, f"UPDATE midrc.{node} SET start_date = NULL", query) == before


def test_visits_without_a_key_do_not_conflict(store: Store) -> None:
    conflicts = (
        "SELECT count(*) FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE rule = 'visit_conflict'"
    )
    assert derived(store, "UPDATE midrc.visit SET visit_key = 'same'", conflicts) == [(1,)]
    assert derived(store, "UPDATE midrc.visit SET visit_key = NULL", conflicts) == [(0,)]


@pytest.mark.parametrize(
    ("step", "apart"),
    [
        ("events/hub_event", {"visit", "visit_detail", "death", "note", "specimen"}),
        ("codes/hub_coding", {"visit", "visit_detail", "death"}),
        ("codes/codings_used", {"visit", "visit_detail", "death"}),
        ("ledger/hub_record", set()),
    ],
)
def test_every_node_of_events_stands_where_nodes_are_listed(step: str, apart: set[str]) -> None:
    """One view of all would say it once, and takes three times as long to plan (docs/architecture.md)."""
    classes = yaml.safe_load((root("schemas") / "midrc.yaml").read_text(encoding="utf-8"))["classes"]
    nodes = {name for name, told in classes.items() if "Event" in told.get("mixins", ())}
    assert set(SHARED_NODES) == nodes - {"visit", "visit_detail", "death", "note", "specimen"}
    assert nodes - set(re.findall(r"FROM midrc\.(\w+)", sql(f"steps/{step}"))) == apart
