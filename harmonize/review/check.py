"""All checks of what is mapped: mappings of sources, and the crosswalks to other consortia."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.mapping.compiler.compile import mappings
from harmonize.mapping.explain import check as mapping_check
from harmonize.review.crosswalk import consortia, crosswalk
from harmonize.review.crosswalk_check import check_crosswalk
from harmonize.review.decide import derived, now
from harmonize.review.decisions import in_force, read_decisions, reviews_file, standings
from harmonize.review.mappings import CROSSWALKS, review_folder, reviewed_rows
from harmonize.review.place import ROWS
from harmonize.review.vocabulary_changes import changed_since, object_states
from harmonize.vocabulary.value_set_check import Problem, check_value_sets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.review.place import Place


def checked() -> list[str]:
    """The names of all that is shipped: mappings, then crosswalks as consortia/<name>."""
    return [*mappings(), *(CROSSWALKS + name for name in consortia())]


def check(
    name: str, con: DuckDBPyConnection | None = None, *, whole: bool = True, place: Place | None = None
) -> list[Problem]:
    """All that is wrong with a mapping (its name or folder) or a crosswalk and its reviews, by file and line.

    With a connection to a store, concepts are looked up in the vocabulary there; a vocabulary that is not `whole`
    (the starter alone) lacks codes that are right. `place` has the user's reviews (harmonize.review.place): what they
    make of the value sets is checked, too. Raises InputError where there is nothing of that name.
    """
    folder = place.folder if place else review_folder(name)
    if name.startswith(CROSSWALKS):
        walk = crosswalk(name.removeprefix(CROSSWALKS), folder.parent)
        problems = check_crosswalk(walk, con, whole=whole)
    else:
        problems = mapping_check.check(name, con, whole=whole)
    if place and place.folder != place.shipped:
        # Those of the value sets as they are shipped are told first; here is what the user's rows add to them.
        problems += [one for one in check_value_sets(folder, con, whole=whole) if one not in problems]
        problems += [Problem(ROWS, 0, "warning", sentence) for sentence in place.told]
    return [*problems, *check_reviews(folder), *(_reopened(folder, con) if con is not None else ())]


def _reopened(folder: Path, con: DuckDBPyConnection) -> Iterator[Problem]:
    """Decided rows under which the vocabulary has changed; a set that cannot be read is told by its own check."""
    try:
        rows, decisions = reviewed_rows(folder), read_decisions(folder)
    except InputError:
        return
    changed = set(changed_since(rows, decisions, object_states(con, [one.object for one in rows])))
    for one in rows:
        if one.hash in changed & in_force(decisions).keys():
            message = f"{one.subject} was decided, and {one.object} has been retired or moved to another domain since."
            yield Problem(
                one.path.name, one.row.line, "warning", message, "`harmonize mapping review vocabulary` says how."
            )


def check_reviews(folder: Path) -> Iterator[Problem]:
    """Decisions that do not say what they are about, and rows whose review columns are not what follows from them."""
    file = reviews_file(folder)
    try:
        rows, decisions = reviewed_rows(folder), read_decisions(folder)
    except InputError as error:
        if file.is_file() and error.message.startswith(str(file)):
            yield Problem(file.name, 1, "error", error.message, error.hint)
        return  # a value set that cannot be read is told by its own check
    for line, one in enumerate(decisions, 2):
        if one.means != one.mapping_hash:
            message = f"mapping_hash is not that of {one.subject_id}, {one.predicate_id} and {one.object_id}."
            yield Problem(file.name, line, "error", message, "Decisions are appended by `harmonize mapping review`.")
        if one.decision == "accept" and one.reviewer in one.author_id.split("|"):
            yield Problem(file.name, line, "error", f"{one.reviewer} accepts a mapping of their own.")
    standing = standings(rows, decisions)
    for row in rows:
        wanted = derived(standing[row.hash])
        if wanted != now(row):
            signed = wanted["reviewer_id"] or "nobody"
            message = (
                f"reviewer_id and review_date of {row.subject} do not follow from reviews.tsv: accepted by {signed}."
            )
            yield Problem(row.path.name, row.row.line, "error", message, "`harmonize mapping review step` mends it.")
