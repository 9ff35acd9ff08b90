"""A withdrawal keeps what any submission that stands delivered, repeated unchanged or not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hospital import PATIENTS, STAYS, Hospital

from harmonize.cli.main import main
from harmonize.pipeline.acts.withdraw import withdraw

HEADER = "patient_id,birth_year,age,sex,zip3\n"
Delivery = dict[str, int]


def deliver(hospital: Hospital, content: Delivery) -> None:
    """One line a patient; the year of birth tells the version of the line."""
    hospital.load(patient=HEADER + "".join(f"{key},{year},,F,\n" for key, year in content.items()))


def persons(hospital: Hospital) -> Delivery:
    return dict(hospital.rows("SELECT person_source_value, year_of_birth FROM omop.person"))


def standing(deliveries: list[Delivery | None]) -> Delivery:
    """What the deliveries that stand say, the latest of each key."""
    found: Delivery = {}
    for content in deliveries:
        found.update(content or {})
    return found


def check(hospital: Hospital, deliveries: list[Delivery | None]) -> None:
    """OMOP says what the standing deliveries say; a withdrawn one holds nothing."""
    assert persons(hospital) == standing(deliveries)
    states = hospital.rows(
        "SELECT sum(deleted), sum(loaded + superseded) FROM harmonize.source_file "
        "GROUP BY submission_id ORDER BY submission_id"
    )
    for (deleted, held), content in zip(states, deliveries, strict=True):
        assert (held if content is None else deleted) == 0
    # rows of the hub, current or put aside, are of deliveries that stand
    for schema in ("midrc", "archive"):
        told = f'SELECT DISTINCT submission_id FROM {schema}."case" JOIN harmonize.record USING (record_id)'
        assert all(deliveries[number - 1] is not None for (number,) in hospital.rows(told)), schema
    owners = "SELECT DISTINCT submission_id FROM harmonize.record WHERE is_current"
    assert all(deliveries[number - 1] is not None for (number,) in hospital.rows(owners))
    assert (
        hospital.rows("SELECT key_hash FROM harmonize.record WHERE is_current GROUP BY ALL HAVING count(*) > 1") == []
    )


V1, V2, OTHER = {"p1": 1951}, {"p1": 1952}, {"p2": 1960}
SEQUENCES: dict[str, list[Delivery | int]] = {
    "the first of two equal ones": [V1, V1 | OTHER, 1],
    "both of two equal ones": [V1, V1, 1, 2],
    "the second of two equal ones": [V1, V1, 2],
    "the newer version, which a third repeats": [V1, V2, V2, 2],
    "and then the third": [V1, V2, V2, 2, 3],
    "the older version, repeated before it was replaced": [V1, V1, V2, 1, 3],
    "all that stood before": [V1, V1, V2, V2, 1, 3, 4],
    "a version that comes back": [V1, V2, V1, V1, 3, 2, 4],
    "lines in another order": [{"p1": 1, "p2": 2, "p3": 3}, {"p3": 3, "p1": 1, "p2": 2}, {"p2": 9}, 1, 3],
}


@pytest.mark.parametrize("steps", SEQUENCES.values(), ids=SEQUENCES)
def test_sequences(hospital: Hospital, steps: list[Delivery | int]) -> None:
    run(hospital, steps)


def test_random_sequences(hospital: Hospital) -> None:
    dice = random.Random(7)
    deliveries, steps = 0, []
    while len(steps) < 16:
        left = [number for number in range(1, deliveries + 1) if number not in steps]
        if left and dice.random() < 0.4:
            steps.append(dice.choice(left))
        else:
            steps.append(
                {key: dice.choice((1951, 1952)) for key in dice.sample(["p1", "p2", "p3"], dice.randint(1, 3))}
            )
            deliveries += 1
    run(hospital, steps)


def run(hospital: Hospital, steps: list[Delivery | int]) -> None:
    """Deliver and withdraw, and check after each step; a number withdraws that submission."""
    years = {1: 1901, 2: 1902, 3: 1903, 9: 1909}
    deliveries: list[Delivery | None] = []
    for step in steps:
        if isinstance(step, int):
            withdraw(hospital.store, step)
            deliveries[step - 1] = None
        else:
            deliveries.append({key: years.get(year, year) for key, year in step.items()})
            deliver(hospital, deliveries[-1] or {})
        check(hospital, deliveries)


def test_rows_ids_and_lineage_stay(hospital: Hospital) -> None:
    hospital.load(patient=PATIENTS, stay=STAYS)
    before = {
        table: hospital.rows(f"FROM {table} ORDER BY ALL")
        for table in ("omop.person", "omop.visit_occurrence", "omop.death", "harmonize.row_id", "harmonize.row_source")
    }
    hospital.load(patient=PATIENTS, stay=STAYS.replace("\n", "\n\n"))
    result = withdraw(hospital.store, 1)
    assert (result.withdrawn, result.kept, result.notes) == (0, 5, [])
    assert {table: hospital.rows(f"FROM {table} ORDER BY ALL") for table in before} == before
    lines = "SELECT DISTINCT submission_id, file, line, node FROM harmonize.lineage WHERE record_key = 's2'"
    assert hospital.rows(lines) == [(2, "stay.csv", 5, "hospital.stay")]  # as the second file has it
    ranges = "SELECT count(*) FROM harmonize.record_holder WHERE submission_id = 2"
    assert hospital.rows(ranges) == [(3,)]  # three patients on lines that follow, two stays that do not


def test_what_a_store_of_before_cannot_know_is_told(
    hospital: Hospital, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hospital.load(patient=PATIENTS)
    hospital.load(patient=PATIENTS)
    hospital.store.con.execute("DELETE FROM harmonize.record_holder")
    path = hospital.store.path
    hospital.store.con.close()
    assert main(["submission", "withdraw", "1", "--db", str(path), "--json"]) == 0
    assert "Submission 2 repeated 3 records unchanged; load it again" in capsys.readouterr().out
