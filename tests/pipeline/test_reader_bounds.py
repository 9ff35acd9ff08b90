"""Readers of one study: ties, adjudication, who has a vote and who has none; what kappa counts and what it leaves."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from duckdb import DuckDBPyConnection
from rows_by_hand import put, study

Read = tuple[str, ...]
"""Reader, answer, and where they are not the usual: role, question, collection."""

# readings of one study → status, answer, votes, tally, unanimity, unanimous answer; there are three label groups
STUDIES: list[tuple[str, list[Read], tuple[str, str | None, int, str | None, str, str | None]]] = [
    ("all of one mind", [("A", "x"), ("B", "x"), ("C", "x")], ("majority", "x", 3, "x 3", "unanimous", "x")),
    ("two to one", [("A", "x"), ("B", "y"), ("C", "x")], ("majority", "x", 3, "x 2, y 1", "disagreement", None)),
    ("each another", [("A", "x"), ("B", "y"), ("C", "z")],
     ("disagreement", None, 3, "x 1, y 1, z 1", "disagreement", None)),
    ("two to two", [("A", "y"), ("B", "x"), ("C", "y"), ("D", "x")],
     ("disagreement", None, 4, "x 2, y 2", "disagreement", None)),
    ("three to two", [("A", "y"), ("B", "x"), ("C", "y"), ("D", "x"), ("E", "y")],
     ("majority", "y", 5, "y 3, x 2", "disagreement", None)),
    ("two to one to one", [("A", "z"), ("B", "x"), ("C", "z"), ("D", "y")],
     ("majority", "z", 4, "z 2, x 1, y 1", "disagreement", None)),
    ("two of one mind", [("A", "x"), ("B", "x")], ("majority", "x", 2, "x 2", "missing", None)),
    ("one to one", [("A", "x"), ("B", "y")], ("disagreement", None, 2, "x 1, y 1", "missing", None)),
    ("one alone", [("A", "x")], ("insufficient", None, 1, "x 1", "missing", None)),
    ("one who says it twice", [("A", "x"), ("A", "x")], ("insufficient", None, 1, "x 1", "missing", None)),
    ("one who gives two answers has no vote", [("A", "x"), ("A", "y"), ("B", "y"), ("C", "y")],
     ("majority", "y", 2, "y 2", "conflict", None)),
    ("and may leave one to one", [("A", "x"), ("A", "y"), ("B", "y"), ("C", "x")],
     ("disagreement", None, 2, "x 1, y 1", "conflict", None)),
    ("an adjudication goes before votes", [("A", "x"), ("B", "x"), ("C", "x"), ("J", "y", "adjudication")],
     ("adjudicated", "y", 3, "x 3", "unanimous", "x")),
    ("two adjudicators of one mind", [("A", "x"), ("J", "y", "adjudication"), ("K", "y", "adjudication")],
     ("adjudicated", "y", 1, "x 1", "missing", None)),
    ("two adjudicators who differ", [("A", "x"), ("B", "x"), ("J", "y", "adjudication"), ("K", "x", "adjudication")],
     ("majority", "x", 2, "x 2", "missing", None)),
    ("an adjudicator of two answers", [("A", "x"), ("B", "y"), ("J", "y", "adjudication"), ("J", "x", "adjudication")],
     ("disagreement", None, 2, "x 1, y 1", "missing", None)),
    ("a study that the adjudication calls invalid", [("A", "x"), ("B", "x"), ("J", "invalid", "adjudication",
     "study_quality")],
     ("invalid", None, 2, "x 2", "missing", None)),
    ("invalid, and yet an answer", [("A", "x"), ("J", "invalid", "adjudication", "study_quality"), ("J", "y",
     "adjudication")],
     ("adjudicated", "y", 1, "x 1", "missing", None)),
    ("a reader's own word of quality is no adjudication", [("A", "x"), ("B", "x"), ("C", "invalid", "independent",
     "study_quality")],
     ("majority", "x", 2, "x 2", "missing", None)),
    ("a supplementary reading has no vote", [("A", "x"), ("S", "x", "supplementary")],
     ("insufficient", None, 1, "x 1", "missing", None)),
    ("only quality was read", [("A", "invalid", "independent", "study_quality")],
     ("insufficient", None, 0, None, "missing", None)),
]  # fmt: skip


def read(con: DuckDBPyConnection, number: int, readings: Sequence[Read], collection: str | None = "D") -> None:
    rows = []
    for place, reading in enumerate(readings):
        reader, answer, role, question = [*reading, "independent", "q"][:4] if len(reading) != 3 else [*reading, "q"]
        rows.append({
            "submitter_id": f"{number}.{place}", "case_key": f"c{number}", "study_uid": f"1.{number}",
            "collection": collection, "reader_key": reader, "label_group": reader, "answer": answer,
            "read_role": role, "question": question,
        })  # fmt: skip
    put(con, "midrc.annotation", rows)


def test_what_readers_say_together(hand: DuckDBPyConnection) -> None:
    for number, (_, readings, _) in enumerate(STUDIES):
        study(hand, number)
        # groups D and E read two studies only, and A, B and C make the collection's three
        read(hand, number, readings)
    hand.execute("UPDATE midrc.annotation SET label_group = 'C' WHERE label_group IN ('D', 'E')")
    found = hand.execute(
        "SELECT status, answer, votes, tally, unanimity, unanimous_answer FROM linked.annotation_consensus "
        "ORDER BY study_uid[3:]::INTEGER"
    ).fetchall()
    told = {name: row for (name, _, _), row in zip(STUDIES, found, strict=True)}
    assert told == {name: expected for name, _, expected in STUDIES}


def test_a_study_is_asked_what_its_collection_asks(hand: DuckDBPyConnection) -> None:
    """A question that only others of the collection answer is one without votes; a collection may have no name."""
    for number in range(4):
        study(hand, number)
    read(hand, 0, [("A", "x", "independent", "q"), ("A", "mild", "independent", "grade")])
    read(hand, 1, [("A", "y", "independent", "q")])
    read(hand, 2, [("A", "y", "independent", "q"), ("B", "y", "independent", "q")], collection=None)
    # of one study a reading names its collection, the other does not
    read(hand, 3, [("A", "x", "independent", "q")])
    hand.execute("INSERT INTO midrc.annotation BY NAME SELECT * REPLACE ('B' AS reader_key, 'B' AS label_group, "
                "'9' AS submitter_id, NULL AS collection, uuid() AS row_key) FROM midrc.annotation "
                "WHERE study_uid = '1.3'")  # fmt: skip
    found = hand.execute(
        "SELECT study_uid, collection, question, status, votes FROM linked.annotation_consensus ORDER BY 1, 3"
    ).fetchall()
    assert found == [
        ("1.0", "D", "grade", "insufficient", 1), ("1.0", "D", "q", "insufficient", 1),
        ("1.1", "D", "grade", "insufficient", 0), ("1.1", "D", "q", "insufficient", 1),
        ("1.2", None, "q", "majority", 2),
        ("1.3", "D", "grade", "insufficient", 0), ("1.3", "D", "q", "majority", 2),
    ]  # fmt: skip


Kappa = dict[tuple[str, str | None, str | None], tuple[int, float | None, float | None]]


def kappas(con: DuckDBPyConnection) -> Kappa:
    """(method, first reader, second reader) → studies, observed, kappa of all answers."""
    return {
        (method, first, second): (studies, observed, kappa)
        for method, first, second, studies, observed, kappa in con.execute(
            "SELECT method, reader_1, reader_2, studies, observed, kappa "
            "FROM linked.reader_agreement WHERE answer IS NULL"
        ).fetchall()
    }


def test_kappa_leaves_out_what_is_no_vote(hand: DuckDBPyConnection) -> None:
    """Quality, supplementary and adjudicating readings, readers of two answers, and studies that nobody linked."""
    votes = [[("A", "x"), ("B", "x")], [("A", "y"), ("B", "y")], [("A", "x"), ("B", "y")], [("A", "y"), ("B", "x")]]
    for number, readings in enumerate(votes):
        study(hand, number)
        read(hand, number, readings)
    expected = {("cohen", "A", "B"): (4, 0.5, 0.0), ("fleiss", None, None): (4, 0.5, 0.0)}
    assert kappas(hand) == expected
    for number in range(4, 8):
        study(hand, number)
    read(hand, 4, [("A", "invalid", "independent", "study_quality"), ("B", "invalid", "independent", "study_quality")])
    read(hand, 5, [("A", "x"), ("B", "x", "supplementary"), ("J", "x", "adjudication")])
    read(hand, 6, [("A", "x"), ("A", "y"), ("B", "x")])
    read(hand, 7, [("A", "x")])
    read(hand, 99, [("A", "x"), ("B", "x")])
    assert kappas(hand) == expected


def test_kappa_at_its_ends(hand: DuckDBPyConnection) -> None:
    for number in range(4):
        study(hand, number)
    read(hand, 0, [("A", "x"), ("B", "x")])
    read(hand, 1, [("A", "x"), ("B", "x")])
    # one answer alone: chance agrees always, and there is no kappa
    assert kappas(hand) == {("cohen", "A", "B"): (2, 1.0, None), ("fleiss", None, None): (2, 1.0, None)}
    hand.execute("DELETE FROM midrc.annotation")
    read(hand, 0, [("A", "x"), ("B", "x")])
    read(hand, 1, [("A", "y"), ("B", "y")])
    assert kappas(hand) == {("cohen", "A", "B"): (2, 1.0, 1.0), ("fleiss", None, None): (2, 1.0, 1.0)}
    hand.execute("DELETE FROM midrc.annotation")
    read(hand, 0, [("A", "x"), ("B", "y")])
    read(hand, 1, [("A", "y"), ("B", "x")])
    assert kappas(hand) == {("cohen", "A", "B"): (2, 0.0, -1.0), ("fleiss", None, None): (2, 0.0, -1.0)}


def test_kappa_of_three_groups_is_of_studies_that_all_read(hand: DuckDBPyConnection) -> None:
    for number in range(3):
        study(hand, number)
    read(hand, 0, [("A", "x"), ("B", "x"), ("C", "y")])
    read(hand, 1, [("A", "y"), ("B", "y"), ("C", "y")])
    read(hand, 2, [("A", "x"), ("B", "y")])
    found = kappas(hand)
    assert {key: studies for key, (studies, _, _) in found.items()} == {
        ("cohen", "A", "B"): 3, ("cohen", "A", "C"): 2, ("cohen", "B", "C"): 2, ("fleiss", None, None): 2,
    }  # fmt: skip
    # 4 of 6 pairs agree; by chance (2/6)² + (4/6)² = 5/9
    assert found["fleiss", None, None][1:] == (pytest.approx(4 / 6), pytest.approx((4 / 6 - 5 / 9) / (4 / 9)))
    per_answer = dict(
        hand.execute(
            "SELECT answer, kappa FROM linked.reader_agreement WHERE method = 'fleiss' AND answer IS NOT NULL"
        ).fetchall()
    )
    assert per_answer == {"x": pytest.approx(0.25), "y": pytest.approx(0.25)}


def test_one_group_alone_has_no_fleiss_kappa(hand: DuckDBPyConnection) -> None:
    study(hand, 0)
    read(hand, 0, [("A", "x"), ("B", "x")])
    hand.execute("UPDATE midrc.annotation SET label_group = 'A'")
    assert set(kappas(hand)) == {("cohen", "A", "B")}
