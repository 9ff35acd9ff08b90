"""Eras against a slow, plain reading of the rule, on events by chance; how they follow what is loaded and withdrawn."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from chance import examples
from duckdb import DuckDBPyConnection
from hypothesis import given
from hypothesis import strategies as st

from harmonize.engine.store import Store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.derive import new_run
from harmonize.pipeline.inspect import lineage, unmapped
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult

FIRST = date(2020, 1, 1)
WINDOW = 30
"""OMOP's persistence window: so many days may lie between the end of one event and the start of the next."""


class Event(NamedTuple):
    """A condition or an exposure to a drug; days are counted from FIRST."""

    person: int
    concept: int
    first: int
    last: int | None


class Era(NamedTuple):
    """What the rule makes of events."""

    person: int
    concept: int
    first: date
    last: date
    events: int
    gap: int
    records: tuple[int, ...]


days = st.integers(0, 150)
events = st.lists(
    st.builds(
        Event,
        st.integers(1, 2),
        st.integers(0, 2),
        days,
        st.one_of(st.none(), days, st.sampled_from([0, 30, 31, 60, 61, 91])),
    ),
    max_size=14,
)


def eras_by_day(found: list[tuple[int, Event]]) -> list[Era]:
    """Day by day: a day belongs to the era of the last covered day that lies at most WINDOW days before it."""
    eras = []
    by_thing = defaultdict(list)
    for record, event in found:
        last = event.first if event.last is None else max(event.first, event.last)
        by_thing[event.person, event.concept].append((record, event.first, last))
    for (person, concept), spans in by_thing.items():
        covered = sorted({day for _, first, last in spans for day in range(first, last + 1)})
        groups: list[list[int]] = []
        for day in covered:
            if groups and day - groups[-1][-1] <= WINDOW:
                groups[-1].append(day)
            else:
                groups.append([day])
        for group in groups:
            own = tuple(sorted(record for record, first, _ in spans if group[0] <= first <= group[-1]))
            length = group[-1] - group[0] + 1
            first, last = (FIRST + timedelta(days=day) for day in (group[0], group[-1]))
            eras.append(Era(person, concept, first, last, len(own), length - len(group), own))
    return sorted(eras)


@pytest.fixture
def con(hand: DuckDBPyConnection) -> DuckDBPyConnection:
    """A store of two persons, whose drugs 1 and 2 have the ingredients 11 and 11 with 12."""
    hand.execute(
        "CREATE OR REPLACE TEMP TABLE period_person AS SELECT i::BIGINT AS person_id, 'P' AS project_id, "
        "'c' || i AS case_key FROM range(1, 3) r (i)"
    )
    hand.execute(
        "CREATE OR REPLACE TEMP TABLE drug_ingredient AS FROM (VALUES (1, 11), (2, 11), (2, 12)) "
        "v (concept_id, ingredient_concept_id)"
    )
    return hand


def _fill(con: DuckDBPyConnection, table: str, key: str, found: list[Event]) -> None:
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} ({key} BIGINT, person_id BIGINT, concept_id INTEGER, first DATE, "
        "last DATE, record_id BIGINT, mapping_id USMALLINT, quantity DOUBLE, days_supply INTEGER)"
    )
    for number, event in enumerate(found, 1):
        last = None if event.last is None else FIRST + timedelta(days=event.last)
        row = [number, event.person, event.concept, FIRST + timedelta(days=event.first), last, 100 + number, number]
        con.execute(f"INSERT INTO {table} SELECT *, NULL, NULL FROM (VALUES (?, ?, ?, ?, ?, ?, ?))", row)


def _derive(con: DuckDBPyConnection, conditions: list[Event], drugs: list[Event]) -> None:
    for table in ("omop.condition_era", "omop.drug_era", *(f"harmonize.row_{t}" for t in ("id", "source"))):
        con.execute(f"DELETE FROM {table}")
    _fill(con, "condition_kept", "condition_occurrence_id", conditions)
    _fill(con, "drug_kept", "drug_exposure_id", drugs)
    run = new_run(con)
    run.given("period_person", "drug_ingredient", "condition_kept", "drug_kept")
    for step in ("era_span", "era_span.drug", "era_member", "condition_era", "drug_era", "row_source.era"):
        run.step(f"eras/{step}")


def _eras(con: DuckDBPyConnection, table: str, columns: str) -> list[Era]:
    rows = con.execute(
        f"SELECT {columns}, (SELECT list(DISTINCT record_id ORDER BY record_id) FROM harmonize.row_source s "
        f"WHERE s.omop_table = '{table}' AND s.omop_id = e.{table}_id) FROM omop.{table} e"
    ).fetchall()
    return sorted(Era(*row[:-1], tuple(row[-1])) for row in rows)


CONDITION = (
    "person_id, condition_concept_id, condition_era_start_date, condition_era_end_date, condition_occurrence_count, 0"
)
DRUG = "person_id, drug_concept_id, drug_era_start_date, drug_era_end_date, drug_exposure_count, gap_days"


@examples(120)
@given(conditions=events, drugs=events)
def test_eras_are_what_the_rule_says(con: DuckDBPyConnection, conditions: list[Event], drugs: list[Event]) -> None:
    _derive(con, conditions, drugs)
    told = [(100 + number, event) for number, event in enumerate(conditions, 1) if event.concept]
    expected = [era._replace(gap=0) for era in eras_by_day(told)]
    assert _eras(con, "condition_era", CONDITION) == expected
    of_drug = {0: (), 1: (11,), 2: (11, 12)}
    told = [
        (100 + number, event._replace(concept=ingredient))
        for number, event in enumerate(drugs, 1)
        for ingredient in of_drug[event.concept]
    ]
    assert _eras(con, "drug_era", DRUG) == eras_by_day(told)
    # one record speaks first for each era
    spoken = "SELECT omop_table, omop_id FROM harmonize.row_source WHERE role = 'primary' ORDER BY ALL"
    made = "SELECT omop_table, omop_id FROM harmonize.row_id ORDER BY ALL"
    assert con.execute(spoken).fetchall() == con.execute(made).fetchall()


LEADING = ("RxNorm has ing", "Consists of", "Tradename of", "Contains", "RxNorm is a")
OTHERS = ("Maps to", "RxNorm ing of", "CVX - RxNorm", "Has tradename")
concepts = st.integers(1, 7)
relations = st.lists(st.tuples(concepts, st.sampled_from(LEADING + OTHERS), concepts, st.booleans()), max_size=16)
ancestors = st.lists(st.tuples(concepts, concepts), max_size=3)


@examples(80)
@given(classes=st.lists(st.sampled_from(["ingredient", "retired", "drug", "drug"]), min_size=7, max_size=7),
       related=relations, descent=ancestors)  # fmt: skip
def test_ingredients_are_those_that_can_be_reached(
    hand: DuckDBPyConnection,
    classes: list[str],
    related: list[tuple[int, str, int, bool]],
    descent: list[tuple[int, int]],
) -> None:
    for table in ("concept", "concept_ancestor", "concept_relationship"):
        hand.execute(f"DELETE FROM omop.{table}")
    for number, kind in enumerate(classes, 1):
        hand.execute(
            "INSERT INTO omop.concept SELECT ?, 'x', 'Drug', 'RxNorm', ?, ?, 'x', '1970-01-01', '2099-12-31', ?",
            [number, "Clinical Drug" if kind == "drug" else "Ingredient", None if kind == "retired" else "S",
             "D" if kind == "retired" else None],
        )  # fmt: skip
    for one, relation, other, valid in related:
        hand.execute(
            "INSERT INTO omop.concept_relationship SELECT ?, ?, ?, DATE '1970-01-01', DATE '2099-12-31', ?",
            [one, other, relation, None if valid else "D"],
        )
    for ancestor, descendant in descent:
        hand.execute("INSERT INTO omop.concept_ancestor VALUES (?, ?, 1, 1)", [ancestor, descendant])
    hand.execute("CREATE OR REPLACE TEMP TABLE drug_used AS SELECT i::INTEGER AS concept_id FROM range(1, 8) r (i)")
    run = new_run(hand)
    run.given("drug_used")
    run.make("eras", "drug_ingredient")
    found = hand.execute("FROM drug_ingredient ORDER BY ALL").fetchall()
    assert found == _reached(classes, related, descent)


def _reached(
    classes: list[str], related: list[tuple[int, str, int, bool]], descent: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    ingredients = {number for number, kind in enumerate(classes, 1) if kind == "ingredient"}
    pairs = set()
    for drug in range(1, 8):
        told = ({drug} | {ancestor for ancestor, descendant in descent if descendant == drug}) & ingredients
        waiting, seen = ([] if told else [drug]), set()
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            if at in ingredients:
                told.add(at)
            else:
                waiting += [other for one, name, other, valid in related if valid and one == at and name in LEADING]
        pairs |= {(drug, ingredient) for ingredient in told}
    return sorted(pairs)


# How eras follow what is loaded

COVID_19 = {"coding": [{"system": "http://snomed.info/sct", "code": "840539006"}]}
WARFARIN = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "11289"}]}
UNKNOWN = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "0"}]}


def patient(key: str = "p1") -> dict[str, Any]:
    return {"resourceType": "Patient", "id": key, "gender": "female", "birthDate": "1960-05-17"}


def illness(key: str, start: str, of: str = "p1") -> dict[str, Any]:
    return {"resourceType": "Condition", "id": key, "code": COVID_19, "subject": {"reference": f"Patient/{of}"},
            "onsetDateTime": start}  # fmt: skip


def order(key: str, day: str, drug: dict[str, Any] = WARFARIN, of: str = "p1") -> dict[str, Any]:
    return {"resourceType": "MedicationRequest", "id": key, "status": "completed", "intent": "order",
            "medicationCodeableConcept": drug, "subject": {"reference": f"Patient/{of}"},
            "authoredOn": day}  # fmt: skip


def deliver(store: Store, folder: Path, *resources: dict[str, Any]) -> LoadResult:
    path = folder / "r.ndjson"
    path.write_text("".join(json.dumps(resource) + "\n" for resource in resources), encoding="utf-8")
    return load(store, [path], source="fhir", project="P")


def eras(store: Store) -> list[tuple[Any, ...]]:
    """All eras, ids included."""
    return store.con.execute(
        "SELECT 'condition', condition_era_id, person_id, condition_era_start_date::VARCHAR, "
        "condition_era_end_date::VARCHAR, condition_occurrence_count FROM omop.condition_era "
        "UNION ALL SELECT 'drug', drug_era_id, person_id, drug_era_start_date::VARCHAR, "
        "drug_era_end_date::VARCHAR, drug_exposure_count FROM omop.drug_era ORDER BY ALL"
    ).fetchall()


ILL = [patient(), illness("c1", "2020-03-01"), illness("c2", "2020-03-20"), illness("c3", "2020-06-01")]


def test_a_delivery_that_comes_again_changes_no_era(new_store: Store, tmp_path: Path) -> None:
    first = deliver(new_store, tmp_path, *ILL)
    assert first.rows["condition_era"] == {"inserted": 2, "replaced": 0, "deleted": 0, "total": 2}
    before = eras(new_store)
    assert [era[3:] for era in before] == [("2020-03-01", "2020-03-20", 2), ("2020-06-01", "2020-06-01", 1)]
    again = deliver(new_store, tmp_path, *ILL)
    assert (again.states["unchanged"], eras(new_store)) == (4, before)
    assert again.rows["condition_era"] == {"inserted": 0, "replaced": 0, "deleted": 0, "total": 2}


def test_an_event_that_joins_two_eras_makes_one_and_its_withdrawal_two_again(new_store: Store, tmp_path: Path) -> None:
    deliver(new_store, tmp_path, *ILL)
    before = eras(new_store)
    deliver(new_store, tmp_path, illness("c4", "2020-04-15"), illness("c5", "2020-05-10"))
    (joined,) = eras(new_store)
    assert joined[3:] == ("2020-03-01", "2020-06-01", 5)
    assert joined[1] == before[0][1], "an era that begins on the same day is the same"
    members = [(row["record_key"], row["role"]) for row in lineage(new_store.con, "condition_era", joined[1])]
    assert members == [("c1", "primary"), *((f"c{n}", "support") for n in (2, 3, 4, 5))]
    withdraw(new_store, 2)
    assert eras(new_store) == before


def test_a_restated_start_moves_an_era_and_leaves_other_persons_alone(new_store: Store, tmp_path: Path) -> None:
    deliver(new_store, tmp_path, *ILL, patient("p2"), illness("d1", "2020-03-01", "p2"))
    before = eras(new_store)
    moved = deliver(new_store, tmp_path, illness("c3", "2020-07-01"))
    after = eras(new_store)
    assert [era[3:] for era in after if era[2] == 1] == [
        ("2020-03-01", "2020-03-20", 2),
        ("2020-07-01", "2020-07-01", 1),
    ]
    assert set(before) - set(after) == {era for era in before if era[3] == "2020-06-01"}
    assert max(era[1] for era in after) > max(era[1] for era in before), "an id is not given to another era"
    assert moved.rows["condition_era"] == {"inserted": 1, "replaced": 0, "deleted": 1, "total": 3}


def test_what_is_in_no_drug_era_is_counted(new_store: Store, tmp_path: Path) -> None:
    orders = [order("m1", "2020-03-01"), order("m2", "2020-03-20"), order("m3", "2020-03-01", UNKNOWN)]
    result = deliver(new_store, tmp_path, patient(), *orders)
    assert [era[3:] for era in eras(new_store)] == [("2020-03-01", "2020-04-18", 2)]  # a prescription lasts 30 days
    assert result.without_era == 1
    assert any(
        "1 drug exposures of the patients concerned are in no drug era" in line for line in result.summary_lines()
    )
    assert "no ingredient" not in {row["why"] for row in unmapped(new_store.con)}
    # a drug whose ingredient the vocabulary does not tell
    new_store.con.execute("UPDATE omop.concept SET concept_class_id = 'Clinical Drug' WHERE concept_code = '11289'")
    changed = deliver(new_store, tmp_path, order("m4", "2020-03-21"))
    assert (changed.without_era, changed.rows["drug_era"]["total"]) == (4, 0)
    (told,) = (row for row in unmapped(new_store.con) if row["why"] == "no ingredient")
    assert (told["table"], told["vocabulary_id"], told["code"], told["rows"]) == ("drug_era", "RxNorm", "11289", 3)


def test_a_load_without_drugs_and_conditions_runs_no_step_of_eras(new_store: Store, tmp_path: Path) -> None:
    result = deliver(new_store, tmp_path, patient())
    assert "omop/person" in {ran.step for ran in result.steps}
    assert not {ran.step for ran in result.steps if ran.step.startswith("eras/")}
    ill = deliver(new_store, tmp_path, illness("c1", "2020-03-01"))
    steps = {ran.step for ran in ill.steps if ran.step.startswith("eras/")}
    assert steps == {f"eras/{name}" for name in ("era_span", "era_member", "condition_era", "row_source.era")}
