"""The state of a mapping by sequences of decisions, what Usagi is told of it, and the bounds of a bulk accept."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from harmonize.engine.paths import root
from harmonize.review.check import check_reviews
from harmonize.review.decide import BULK_CONFIDENCE, BULK_ROWS, bulk, derived, keep_in_step
from harmonize.review.decisions import STATES, Decision, Standing, append_decisions, in_force, standings
from harmonize.review.mappings import Reviewed, find_row, mapping_hash, reviewed_rows
from harmonize.review.usagi import STATUSES, read_usagi, write_usagi
from harmonize.review.worklist import Filter, Item
from harmonize.vocabulary.sssom import Row

AUTHOR, ANN, BEN, CY, DI = "editors:value_sets", "site:ann", "site:ben", "site:cy", "site:di"
ASIAN = "MIDRC_419639:Race#Asian"
Said = tuple[str, str]

# who said what, in this order → state, who accepts, who is against
SEQUENCES: list[tuple[str, list[Said], tuple[str, tuple[str, ...], tuple[str, ...]]]] = [
    ("nobody", [], ("unreviewed", (), ())),
    ("one", [(BEN, "accept")], ("accepted_once", (BEN,), ())),
    ("one twice", [(BEN, "accept"), (BEN, "accept")], ("accepted_once", (BEN,), ())),
    ("two", [(BEN, "accept"), (CY, "accept")], ("signed", (BEN, CY), ())),
    ("three", [(BEN, "accept"), (CY, "accept"), (DI, "accept")], ("signed", (BEN, CY, DI), ())),
    ("the order of last words", [(BEN, "accept"), (CY, "accept"), (BEN, "accept")], ("signed", (CY, BEN), ())),
    # an author's own accept in reviews.tsv counts for nothing
    ("the author", [(AUTHOR, "accept")], ("unreviewed", (), ())),
    ("the author and one", [(AUTHOR, "accept"), (BEN, "accept")], ("accepted_once", (BEN,), ())),
    ("the author and two", [(BEN, "accept"), (AUTHOR, "accept"), (CY, "accept")], ("signed", (BEN, CY), ())),
    ("an author who has doubts", [(AUTHOR, "discuss")], ("discussion", (), (AUTHOR,))),
    ("one against", [(BEN, "reject")], ("discussion", (), (BEN,))),
    ("one who asks", [(BEN, "discuss")], ("discussion", (), (BEN,))),
    ("two against", [(BEN, "reject"), (CY, "discuss")], ("discussion", (), (BEN, CY))),
    ("for and against", [(BEN, "accept"), (CY, "reject")], ("conflict", (BEN,), (CY,))),
    ("signed, then doubted", [(BEN, "accept"), (CY, "accept"), (DI, "discuss")], ("conflict", (BEN, CY), (DI,))),
    ("doubted, then convinced", [(BEN, "reject"), (BEN, "accept")], ("accepted_once", (BEN,), ())),
    ("accepted, then doubted", [(BEN, "accept"), (BEN, "reject")], ("discussion", (), (BEN,))),
    ("conflict solved", [(BEN, "accept"), (CY, "reject"), (CY, "accept")], ("signed", (BEN, CY), ())),
    ("taken back", [(BEN, "accept"), (BEN, "undo")], ("unreviewed", (), ())),
    ("the last taken back", [(BEN, "accept"), (BEN, "reject"), (BEN, "undo")], ("accepted_once", (BEN,), ())),
    ("one of two taken back", [(BEN, "accept"), (CY, "accept"), (CY, "undo")], ("accepted_once", (BEN,), ())),
    ("taken back and said again", [(BEN, "accept"), (BEN, "undo"), (BEN, "accept")], ("accepted_once", (BEN,), ())),
]  # fmt: skip


@pytest.fixture
def one() -> Reviewed:
    return find_row(reviewed_rows(root("mappings") / "ehr" / "site_419639"), ASIAN)


def decisions(one: Reviewed, said: list[Said], date: str = "2026-01-05") -> list[Decision]:
    """Lines of reviews.tsv, each a batch of its own; `undo` takes the reviewer's last word back."""
    made: list[Decision] = []
    for number, (reviewer, word) in enumerate(said):
        line = Decision(
            mapping_hash=one.hash, reviewer=reviewer, decision=word, date=date, comment="why", batch=f"b{number}",
            changed_to="", domain="", author_id=one.author, subject_id=one.subject, predicate_id=one.predicate,
            predicate_modifier="", object_id=one.object, object_label="",
        )  # fmt: skip
        if word == "undo":
            line = replace(line, batch=[d.batch for d in made if d.reviewer == reviewer and d.decision != "undo"][-1])
        made.append(line)
    return made


@pytest.mark.parametrize(("name", "said", "expected"), SEQUENCES)
def test_states(
    one: Reviewed, name: str, said: list[Said], expected: tuple[str, tuple[str, ...], tuple[str, ...]]
) -> None:
    found = standings([one], decisions(one, said))[one.hash]
    assert (found.state, found.accepted, found.against) == expected
    # what the row's own columns say of it
    counts = found.accepted if found.state in {"signed", "accepted_once"} else ()
    assert derived(found) == {"reviewer_id": "|".join(counts), "review_date": "2026-01-05" if counts else ""}


def test_every_state_is_reached(one: Reviewed) -> None:
    assert {expected[0] for *_, expected in SEQUENCES} | {"reopened"} == set(STATES)


@pytest.mark.parametrize("author", [f"{AUTHOR}|{BEN}", f"{BEN}|{AUTHOR}"])
def test_none_of_several_authors_signs(one: Reviewed, author: str) -> None:
    row = Row(one.row.line, one.row.cells | {"author_id": author})
    said = decisions(one, [(BEN, "accept"), (CY, "accept")])
    assert standings([Reviewed(one.path, row)], said)[one.hash].state == "accepted_once"


def test_the_date_is_that_of_the_last_word_in_force(one: Reviewed) -> None:
    said = [*decisions(one, [(BEN, "accept")], "2026-03-01"), *decisions(one, [(CY, "accept")], "2026-02-01")]
    said = [replace(d, batch=str(n)) for n, d in enumerate(said)]
    assert standings([one], said)[one.hash].date == "2026-03-01"
    said.append(replace(said[0], decision="undo"))
    assert standings([one], said)[one.hash].date == "2026-02-01"


# ---- reopened


def test_a_vocabulary_that_changed_reopens_only_what_was_decided(one: Reviewed) -> None:
    assert standings([one], [], [one.hash])[one.hash].state == "unreviewed"
    for said in ([(BEN, "accept")], [(BEN, "accept"), (CY, "accept")], [(BEN, "reject")]):
        assert standings([one], decisions(one, said), [one.hash])[one.hash].state == "reopened"
    assert (
        standings([one], decisions(one, [(BEN, "accept"), (BEN, "undo")]), [one.hash])[one.hash].state == "unreviewed"
    )


def variant(one: Reviewed, target: str) -> Reviewed:
    return Reviewed(one.path, Row(one.row.line, one.row.cells | {"object_id": target}))


def test_what_stands_there_now_is_reopened_and_not_its_neighbour(one: Reviewed) -> None:
    """A subject may have several rows: a decision on one says nothing of the other."""
    other, changed, again = variant(one, "Race:3"), variant(one, "Race:4"), variant(one, "Race:5")
    accepted = decisions(one, [(BEN, "accept"), (CY, "accept")])
    both = standings([one, other], accepted)
    assert (both[one.hash].state, both[other.hash].state) == ("signed", "unreviewed")
    # changed by a command: the row that took its place, also over two changes
    change = replace(decisions(one, [(DI, "change")])[0], batch="c1", changed_to=changed.hash)
    found = standings([changed, other], [*accepted, change])
    assert (found[changed.hash].state, found[other.hash].state) == ("reopened", "unreviewed")
    second = replace(decisions(changed, [(DI, "change")])[0], batch="c2", changed_to=again.hash)
    found = standings([again, other], [*accepted, change, second])
    assert (found[again.hash].state, found[other.hash].state) == ("reopened", "unreviewed")
    # changed by hand: nobody knows which of the subject's rows took its place
    found = standings([changed, other], accepted)
    assert (found[changed.hash].state, found[other.hash].state) == ("reopened", "reopened")
    # and a new decision is the state again
    found = standings([changed], [*accepted, change, replace(decisions(changed, [(BEN, "accept")])[0], batch="n")])
    assert found[changed.hash].state == "accepted_once"


def test_in_force_is_the_last_word_of_each(one: Reviewed) -> None:
    said = decisions(one, [(BEN, "accept"), (CY, "reject"), (BEN, "discuss"), (CY, "undo")])
    assert {who: d.decision for who, d in in_force(said)[one.hash].items()} == {BEN: "discuss"}
    assert in_force(decisions(one, [(BEN, "accept"), (BEN, "undo")])) == {}


# ---- bulk, and the filters of the list


def with_cells(one: Reviewed, **cells: str) -> Reviewed:
    return Reviewed(one.path, Row(one.row.line, one.row.cells | cells))


@pytest.mark.parametrize(
    ("cells", "rows", "taken"),
    [
        ({"confidence": str(BULK_CONFIDENCE)}, 0, True),
        ({"confidence": "0.899"}, 0, False),
        ({"confidence": ""}, 0, False),
        ({"confidence": "1"}, BULK_ROWS - 1, True),
        ({"confidence": "1"}, BULK_ROWS, False),
        ({"confidence": "1", "predicate_id": "skos:closeMatch"}, 0, False),
        ({"confidence": "1"}, None, False),  # how many rows use it is not known
        ({"confidence": "1", "subject_id": "midrc:case/sex#Female"}, None, True),  # a crosswalk converts nothing
    ],
)
def test_what_a_bulk_accept_takes(one: Reviewed, cells: dict[str, str], rows: int | None, taken: bool) -> None:
    row = with_cells(one, **cells)
    found, left = bulk([row], "accept", None if rows is None else {row.subject: rows})
    assert (found == [row], left == []) == (taken, taken)
    assert bulk([row], "discuss", None) == ([row], [])


@pytest.mark.parametrize(
    ("confidence", "rows", "impact"),
    [("1", 100, 5.0), ("0.95", 100, 5.0), ("0.9", 100, 10.0), ("", 100, 100.0), ("0.5", None, 0.5), ("1", 0, 0.0)],
)
def test_impact_is_rows_times_doubt(one: Reviewed, confidence: str, rows: int | None, impact: float) -> None:
    item = Item(with_cells(one, confidence=confidence), Standing("unreviewed"), rows)
    assert item.impact == pytest.approx(impact)


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Filter(below=0.9), False),
        (Filter(below=0.91), True),
        (Filter(at_least=0.9), True),
        (Filter(at_least=0.91), False),
        (Filter(predicate="exactMatch"), True),
        (Filter(predicate="skos:exactMatch"), True),
        (Filter(predicate="closeMatch"), False),
        (Filter(subject="MIDRC_*#As?an"), True),
        (Filter(subject="midrc_*"), False),
        (Filter(state="unreviewed"), True),
        (Filter(state="signed"), False),
        (Filter(undecided_by=BEN), False),
        (Filter(undecided_by=CY), True),
    ],
)
def test_filters(one: Reviewed, wanted: Filter, fits: bool) -> None:
    item = Item(with_cells(one, confidence="0.9"), Standing("unreviewed"), None)
    assert wanted.fits(item, frozenset({BEN})) is fits


# ---- Usagi

USAGI: list[tuple[str, list[Said], tuple[str, str]]] = [
    ("unreviewed", [], ("UNCHECKED", "")),
    ("accepted_once", [(BEN, "accept")], ("APPROVED", BEN)),
    ("signed", [(BEN, "accept"), (CY, "accept")], ("APPROVED", CY)),
    ("discussion", [(BEN, "reject")], ("FLAGGED", BEN)),
    ("conflict", [(BEN, "accept"), (CY, "reject")], ("FLAGGED", CY)),
    ("author", [(AUTHOR, "accept")], ("UNCHECKED", "")),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(root("mappings") / "ehr" / "site_419639", tmp_path / "site"))


def usagi_row(folder: Path) -> dict[str, str]:
    return next(r for r in csv.DictReader(StringIO(write_usagi(folder))) if r["sourceCode"] == ASIAN.partition(":")[2])


def test_usagi_is_told_the_state(folder: Path) -> None:
    """Each state as one of Usagi's, by whom it came last, and on which day: 2026-01-05 UTC in milliseconds."""
    file = folder / "reviews.tsv"
    for name, said, (status, by) in USAGI:
        file.unlink(missing_ok=True)
        row = find_row(reviewed_rows(folder), ASIAN)
        append_decisions(folder, decisions(row, said))
        told = usagi_row(folder)
        on = "1767571200000" if said else "0"
        assert (told["mappingStatus"], told["statusSetBy"], told["statusSetOn"]) == (status, by, on), name
    file.unlink()
    row = find_row(reviewed_rows(folder), ASIAN)
    append_decisions(folder, decisions(variant(row, "Race:9"), [(BEN, "accept")]))
    assert usagi_row(folder)["mappingStatus"] == "FLAGGED", "what is reopened wants to be looked at"
    assert {status for _, _, (status, _) in USAGI} <= set(STATUSES)


def test_a_rejected_mapping_is_an_invalid_target(folder: Path) -> None:
    row = find_row(reviewed_rows(folder), ASIAN)
    text = row.path.read_text(encoding="utf-8")
    header = next(line for line in text.splitlines() if not line.startswith("#"))
    new = header.replace("predicate_id", "predicate_id\tpredicate_modifier")
    lines = [
        new if line == header
        else line if line.startswith("#") or not line
        else "\t".join([*line.split("\t")[:3], "Not" if line.startswith(ASIAN + "\t") else "", *line.split("\t")[3:]])
        for line in text.split("\n")
    ]  # fmt: skip
    row.path.write_text("\n".join(lines), encoding="utf-8")
    assert usagi_row(folder)["mappingStatus"] == "INVALID_TARGET"
    found = find_row(reviewed_rows(folder), ASIAN)
    assert found.hash == mapping_hash(ASIAN, "skos:exactMatch", "Race:2", "Not")


STATUS_SAYS = {
    "APPROVED": ["accept"], "FLAGGED": ["discuss"], "INVALID_TARGET": ["reject"], "UNCHECKED": [], "AUTO_MAPPED": [],
    "AUTO_MAPPED_TO_1": [], "IGNORED": [],
}  # fmt: skip


def test_each_status_says_one_thing(tmp_path: Path) -> None:
    head = "sourceCode,sourceName,mappingStatus,equivalence,statusSetBy,statusSetOn,conceptId,conceptName,comment"
    lines = [f"c{n},x,{status},EQUAL,Ann B.,1767571200000,8532,FEMALE," for n, status in enumerate(STATUSES)]
    (tmp_path / "u.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    rows = read_usagi(tmp_path / "u.csv", "SITE")
    assert {
        status: [said.decision for said in row.said] for status, row in zip(STATUSES, rows, strict=True)
    } == STATUS_SAYS
    assert {(said.reviewer, said.date) for row in rows for said in row.said} == {("usagi:Ann_B.", "2026-01-05")}
    targets = {status: row.cells["object_id"] for status, row in zip(STATUSES, rows, strict=True)}
    assert targets == dict.fromkeys(STATUSES, "Gender:F") | {"IGNORED": "sssom:NoTermFound"}
    # a rejection must say why; without a comment the status does
    assert {said.decision: said.comment for row in rows for said in row.said} == {
        "accept": "", "discuss": "FLAGGED in Usagi", "reject": "INVALID_TARGET in Usagi",
    }  # fmt: skip


def test_an_authors_own_accept_is_told_by_the_check(folder: Path) -> None:
    row = find_row(reviewed_rows(folder), ASIAN)
    append_decisions(folder, decisions(row, [(AUTHOR, "accept"), (BEN, "accept")]))
    assert keep_in_step(folder) == 1
    assert find_row(reviewed_rows(folder), ASIAN).row["reviewer_id"] == BEN
    assert [problem.message for problem in check_reviews(folder) if "of their own" in problem.message]
