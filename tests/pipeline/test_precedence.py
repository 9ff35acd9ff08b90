"""Every record ends in exactly one state: which one where two could be, for every pair that can meet.

Two deliveries to one store. A row of PAIRS is a key: its lines in the first delivery and their states, its lines in the
second and their states, and what then became of the first ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hospital import HEADER, PATIENTS, Hospital

from harmonize.pipeline.ledger.ledger import STATES

SOUND, CHANGED, OTHER = "p1,,2951-2,2021-03-02,140,,", "p1,,2951-2,2021-03-02,141,,", "p1,,2951-2,2021-03-02,142,,"
NOTE, BAD, BAD_TOO = "p1,,COMMENT,2021-03-02,,,", "p1,,,2021-03-02,140,,", "p1,,,2021-03-02,141,,"
NOBODY, NOBODY_CHANGED = "p9,,2951-2,2021-03-02,140,,", "p9,,2951-2,2021-03-02,141,,"
NO_DAY = "p1,,2951-2,,140,,"
DELETE = "p1,,2951-2,,,,delete"

LOADED, CONFLICT = "loaded", "quarantined unique_key"
SUPERSEDED_NOTE = "superseded a comment and no result"
EXCLUDED, REQUIRED = "excluded a comment and no result", "quarantined required"
UNKNOWN, TWICE = "excluded delete_of_unknown", "duplicate same_key_and_content"
NO_PERSON, NO_DATE = "quarantined no_person", "quarantined no_date"
DELETED, ORDER = "deleted", "deleted delete_order"
UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Pair:
    """A key over two deliveries; `after` is the state of its first lines after the second."""

    key: str
    first: tuple[str, ...]
    states: tuple[str, ...]
    second: tuple[str, ...]
    then: tuple[str, ...]
    after: tuple[str, ...]


PAIRS = (
    # loaded, and what comes for it
    Pair("kept", (SOUND,), (LOADED,), (), (), (LOADED,)),
    Pair("same", (SOUND,), (LOADED,), (SOUND,), (UNCHANGED,), (LOADED,)),
    Pair("same-twice", (SOUND,), (LOADED,), (SOUND, SOUND), (UNCHANGED, UNCHANGED), (LOADED,)),
    Pair("changed", (SOUND,), (LOADED,), (CHANGED,), (LOADED,), ("superseded",)),
    Pair("changed-twice", (SOUND,), (LOADED,), (CHANGED, CHANGED), (LOADED, TWICE), ("superseded",)),
    Pair("two-changes", (SOUND,), (LOADED,), (CHANGED, OTHER), (CONFLICT, CONFLICT), (LOADED,)),
    Pair("same-and-change", (SOUND,), (LOADED,), (SOUND, CHANGED), (CONFLICT, CONFLICT), (LOADED,)),
    Pair("spoilt", (SOUND,), (LOADED,), (BAD,), (REQUIRED,), (LOADED,)),
    Pair("spoilt-twice", (SOUND,), (LOADED,), (BAD, BAD), (REQUIRED, TWICE), (LOADED,)),
    Pair("left-out", (SOUND,), (LOADED,), (NOTE,), (EXCLUDED,), ("superseded",)),
    Pair("of-nobody", (SOUND,), (LOADED,), (NOBODY,), (NO_PERSON,), ("superseded",)),
    Pair("without-day", (SOUND,), (LOADED,), (NO_DAY,), (NO_DATE,), ("superseded",)),
    Pair("deleted", (SOUND,), (LOADED,), (DELETE,), (ORDER,), (DELETED,)),
    Pair("deleted-twice", (SOUND,), (LOADED,), (DELETE, DELETE), (ORDER, TWICE), (DELETED,)),
    Pair("deleted-and-same", (SOUND,), (LOADED,), (DELETE, SOUND), (CONFLICT, CONFLICT), (LOADED,)),
    # excluded
    Pair("note", (NOTE,), (EXCLUDED,), (NOTE,), (UNCHANGED,), (EXCLUDED,)),
    Pair("note-twice", (NOTE, NOTE), (EXCLUDED, TWICE), (SOUND,), (LOADED,), (SUPERSEDED_NOTE, TWICE)),
    Pair("note-deleted", (NOTE,), (EXCLUDED,), (DELETE,), (ORDER,), ("deleted a comment and no result",)),
    # quarantined, and waiting for a person or a day: a version like any other, but tried again when it comes again
    Pair("nobody", (NOBODY,), (NO_PERSON,), (NOBODY,), (NO_PERSON,), ("superseded no_person",)),
    Pair("nobody-changed", (NOBODY,), (NO_PERSON,), (NOBODY_CHANGED,), (NO_PERSON,), ("superseded no_person",)),
    Pair("nobody-found", (NOBODY,), (NO_PERSON,), (SOUND,), (LOADED,), ("superseded no_person",)),
    Pair("nobody-twice", (NOBODY, NOBODY), (NO_PERSON, TWICE), (DELETE,), (ORDER,), ("deleted no_person", TWICE)),
    Pair("day", (NO_DAY,), (NO_DATE,), (NO_DAY,), (NO_DATE,), ("superseded no_date",)),
    Pair("day-found", (NO_DAY,), (NO_DATE,), (SOUND,), (LOADED,), ("superseded no_date",)),
    # quarantined by an error: no version that anything is compared with
    Pair("bad", (BAD,), (REQUIRED,), (BAD,), (REQUIRED,), (REQUIRED,)),
    Pair("bad-twice", (BAD, BAD), (REQUIRED, TWICE), (SOUND,), (LOADED,), (REQUIRED, TWICE)),
    Pair("bad-and-other", (BAD, BAD_TOO), (REQUIRED, REQUIRED), (DELETE,), (UNKNOWN,), (REQUIRED, REQUIRED)),
    Pair("conflict", (SOUND, CHANGED), (CONFLICT, CONFLICT), (SOUND,), (LOADED,), (CONFLICT, CONFLICT)),
    Pair("three", (SOUND, SOUND, CHANGED), (CONFLICT,) * 3, (SOUND, SOUND), (LOADED, TWICE), (CONFLICT,) * 3),
    # duplicates, and orders to delete what nobody knows
    Pair("twice", (SOUND, SOUND), (LOADED, TWICE), (CHANGED,), (LOADED,), ("superseded", TWICE)),
    Pair("twice-same", (SOUND, SOUND), (LOADED, TWICE), (SOUND,), (UNCHANGED,), (LOADED, TWICE)),
    Pair("thrice", (SOUND, SOUND, SOUND), (LOADED, TWICE, TWICE), (DELETE,), (ORDER,), (DELETED, TWICE, TWICE)),
    Pair("unknown", (DELETE,), (UNKNOWN,), (DELETE,), (UNKNOWN,), (UNKNOWN,)),
    Pair("unknown-twice", (DELETE, DELETE), (UNKNOWN, TWICE), (SOUND,), (LOADED,), (UNKNOWN, TWICE)),
)  # fmt: skip


@pytest.fixture
def deliveries(hospital: Hospital) -> dict[str, list[str]]:
    """State and reason of every line by key: `1 key`, `2 key`; after the first delivery alone: `0 key`."""
    texts = [
        HEADER + "".join(f"{pair.key},{line}\n" for pair in PAIRS for line in lines(pair))
        for lines in (_first, _second)
    ]
    hospital.load(patient=PATIENTS, result=texts[0])
    found = {f"0 {key}": states for (number, key), states in _states(hospital).items() if number == 1}
    hospital.load(result=texts[1])
    return found | {f"{number} {key}": states for (number, key), states in _states(hospital).items()}


def _first(pair: Pair) -> tuple[str, ...]:
    return pair.first


def _second(pair: Pair) -> tuple[str, ...]:
    return pair.second


def _states(hospital: Hospital) -> dict[tuple[int, str], list[str]]:
    rows = hospital.rows(
        "SELECT submission_id, record_key, list(concat_ws(' ', state, reason) ORDER BY line) FROM harmonize.ledger "
        "WHERE record_type = 'hospital.result' GROUP BY ALL"
    )
    return {(number, key): states for number, key, states in rows}


def test_every_pair_of_states(hospital: Hospital, deliveries: dict[str, list[str]]) -> None:
    for pair in PAIRS:
        found = tuple(deliveries.get(f"{number} {pair.key}", []) for number in (0, 2, 1))
        told = tuple(state for state in pair.then if state != UNCHANGED)  # unchanged records are counted, not stored
        assert found == (list(pair.states), list(told), list(pair.after)), pair.key
    # what the files count: every line once
    sums = hospital.rows(
        f"SELECT records, {', '.join(STATES)} FROM harmonize.source_file WHERE name = 'result.csv' ORDER BY file_id"
    )
    for (records, *counts), states in zip(sums, (_ended(1), _ended(2)), strict=True):
        assert records == len(states)
        assert dict(zip(STATES, counts, strict=True)) == {state: states.count(state) for state in STATES}
    # rows stand for the versions that are current, and for no other record
    standing = [pair.key for pair in PAIRS for state in (*pair.after, *pair.then) if state == LOADED]
    measured = hospital.rows(
        "SELECT record_key FROM harmonize.lineage WHERE omop_table = 'measurement' AND role = 'primary' ORDER BY 1"
    )
    assert [key for (key,) in measured] == sorted(standing)
    _check_columns(hospital)


def _ended(delivery: int) -> list[str]:
    """The states of a delivery's lines after both."""
    told = [state for pair in PAIRS for state in (pair.after if delivery == 1 else pair.then)]
    return [state.partition(" ")[0] for state in told]


def _check_columns(hospital: Hospital) -> None:
    """Cells of records that stand are loaded, of quarantined ones quarantined, of all others excluded."""
    for file, column, line_of in ((2, "value", _first), (3, "value", _second), (3, "action", _second)):
        at = HEADER.strip().split(",").index(column) - 1
        states = "states" if line_of is _first else "then"
        told = {"empty": 0, "loaded": 0, "context": 0, "excluded": 0, "quarantined": 0}
        for pair in PAIRS:
            for line, state in zip(line_of(pair), getattr(pair, states), strict=True):
                word = state.partition(" ")[0]
                if not line.split(",")[at]:
                    told["empty"] += 1
                elif word == "quarantined":
                    told["quarantined"] += 1
                elif word in (LOADED, UNCHANGED) and column != "action":
                    told["loaded"] += 1
                else:
                    told["excluded"] += 1
        found = hospital.rows(
            f"SELECT {', '.join(told)} FROM harmonize.ledger_column WHERE file_id = {file} AND column_name = '{column}'"
        )
        assert found == [tuple(told.values())], (file, column)
