"""linked.reader_agreement against worked examples from the literature."""

from __future__ import annotations

import pytest

from harmonize.engine.store import Store

Votes = list[tuple[str, str, str]]
"""(study, reader, answer)"""


def add(store: Store, votes: Votes) -> None:
    store.con.execute("CREATE TEMP TABLE vote (study VARCHAR, reader VARCHAR, answer VARCHAR)")
    store.con.executemany("INSERT INTO vote VALUES (?, ?, ?)", votes)
    store.con.execute(
        "INSERT INTO midrc.annotation BY NAME SELECT row_number() OVER () AS record_id, uuid() AS row_key, "
        "1::USMALLINT AS mapping_id, 'P' AS project_id, study || reader AS submitter_id, 'annotation' AS type, "
        "'c' AS case_key, study AS study_uid, 'D' AS collection, 'q' AS question, answer, reader AS reader_key, "
        "reader AS label_group, 'independent' AS read_role FROM vote"
    )
    store.con.execute(
        "INSERT INTO harmonize.image_link BY NAME SELECT DISTINCT 'P' AS project_id, 'c' AS case_key, 1 AS person_id, "
        "study AS study_uid, 1 AS procedure_occurrence_id, 'no_visit' AS tier, 'patient_id' AS person_tier, "
        "'new_procedure' AS procedure_tier, 0 AS imaging_date_offset_days FROM vote"
    )


def kappa(store: Store, method: str, answer: str | None = None) -> float:
    (row,) = store.con.execute(
        "SELECT kappa FROM linked.reader_agreement WHERE method = ? AND answer IS NOT DISTINCT FROM ?", [method, answer]
    ).fetchall()
    return float(row[0])


def test_cohen(new_store: Store) -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, expected 0.5
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    votes = [(str(n), reader, pair[place]) for n, pair in enumerate(pairs) for place, reader in enumerate("AB")]
    add(new_store, votes)
    assert kappa(new_store, "cohen") == pytest.approx(0.4)
    assert kappa(new_store, "cohen", "yes") == pytest.approx(0.4)  # of two answers each is the other's complement


def test_fleiss(new_store: Store) -> None:
    # ten subjects, fourteen raters, five categories
    table = [
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    ]  # fmt: skip
    votes = []
    for study, counts in enumerate(table):
        answers = [str(answer) for answer, count in enumerate(counts) for _ in range(count)]
        votes += [(str(study), f"{reader:02}", answer) for reader, answer in enumerate(answers)]
    add(new_store, votes)
    assert kappa(new_store, "fleiss") == pytest.approx(0.210, abs=5e-4)


def test_a_reader_of_two_answers_does_not_count(new_store: Store) -> None:
    votes = [(str(n), reader, "yes" if n % 2 else "no") for n in range(10) for reader in "AB"]
    add(new_store, [*votes, ("0", "B", "yes"), ("11", "A", "yes")])
    assert kappa(new_store, "cohen") == pytest.approx(1)
    studies = new_store.con.execute("SELECT DISTINCT studies FROM linked.reader_agreement").fetchall()
    assert studies == [(9,)]
