"""What a value and the concept it stands for have in common, as words: shared ones, opposite ones, denials.

The lists are data: data/same_words.tsv (what is read as what), data/opposites.tsv (words that exclude each other).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.paths import root
from harmonize.vocabulary.sssom import NO_TERM, Row, read_sssom

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent / "data"
# Words that tell nothing of which concept is meant.
EMPTY = frozenset(
    {
        "a", "an", "and", "as", "at", "be", "by", "for", "from", "has", "in", "is", "it", "of", "on", "or", "so", "the",
        "to", "with", "disease", "disorder", "finding", "measurement", "presence", "probe", "detection", "specimen",
        "unspecified", "value",
    }
)  # fmt: skip
DENIALS = frozenset({"not", "no", "non", "never", "without", "negative", "absent", "nonreactive", "undetected"})
# Athena tells concepts of one name apart: (race) Hmong (concept_id = 38003582).
_TOLD_APART = re.compile(r"\(\w+\) (.*) \(concept_id = \d+\)")
# Prefixes of objects that are no concept but a column, a class or a variable of another model.
PLACES = frozenset({"omop", "n3c", "aou", "bdchm", "isaric", "ARC"})


def table(name: str) -> list[dict[str, str]]:
    """The rows of data/<name>.tsv."""
    return rows_of(DATA / f"{name}.tsv")


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a tab separated file with a header."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def plain_name(name: str) -> str:
    """A concept's name without what Athena adds to tell it from another of the same name."""
    match = _TOLD_APART.fullmatch(name)
    return match[1] if match else name


@cache
def _same() -> tuple[tuple[re.Pattern[str], str], ...]:
    found = [(row["words"], row["read_as"]) for row in table("same_words")]
    found.sort(key=lambda pair: -len(pair[0]))
    return tuple((re.compile(rf"\b{re.escape(words)}\b"), read_as) for words, read_as in found)


@cache
def words(text: str) -> frozenset[str]:
    """The words of a text that tell something: small letters, singular, phrases of the list read as they say."""
    plain = " ".join(re.findall(r"[a-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower()))
    for pattern, read_as in _same():
        plain = pattern.sub(read_as, plain)
    return frozenset(_singular(word) for word in plain.split()) - EMPTY


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Twice the shared words over all words: 0 nothing in common, 1 the same."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


@cache
def opposites() -> tuple[frozenset[str], ...]:
    """Groups of words of which one excludes the others."""
    return tuple(frozenset(row["words"].split()) for row in table("opposites"))


def disagreement(value: str, name: str) -> str | None:
    """Two words that cannot both be meant, or a denial on one side only; None where the texts agree."""
    one, other = words(value), words(name)
    for group in opposites():
        said, meant = one & group, other & group
        if said and meant and not said & meant:
            return f"{'/'.join(sorted(said))} against {'/'.join(sorted(meant))}"
    if bool(one & DENIALS) != bool(other & DENIALS):
        return f"{'/'.join(sorted((one | other) & DENIALS))} on one side only"
    return None


@cache
def sets() -> tuple[tuple[str, Row], ...]:
    """(value set, row) of every shipped row that says something, rejected ones aside."""
    folder = root("mappings")
    return tuple(
        (path.relative_to(folder).as_posix().removesuffix(".sssom.tsv"), row)
        for path in sorted(folder.rglob("*.sssom.tsv"))
        for row in read_sssom(path).rows
        if row["predicate_modifier"] != "Not"
    )


def value_rows() -> Iterator[tuple[str, Row]]:
    """Those that give a value, or what a column asks for: all but the properties of the crosswalks."""
    for name, row in sets():
        if not name.startswith("consortia/") or name.endswith("/values"):
            yield name, row


def coded_rows() -> list[tuple[str, Row]]:
    """Value rows whose object is a concept, or an enum's value: something that has a name."""
    return [(name, row) for name, row in value_rows() if row["object_id"] != NO_TERM and _has_name(row["object_id"])]


def _has_name(code: str) -> bool:
    prefix = code.partition(":")[0]
    return prefix not in PLACES or (prefix == "bdchm" and "#" in code)


def said(row: Row) -> str:
    """What the source says: the label, else the value, else the last part of the property."""
    return row["subject_label"] or row["subject_id"].rpartition("#")[2].rpartition("/")[2]


def starter_names() -> dict[str, str]:
    """CURIE → name of every concept of the starter vocabulary, and OMOP:id → name."""
    return names_in(root("mappings") / "vocabulary" / "concept.tsv")


def names_in(path: Path) -> dict[str, str]:
    """CURIE → name and OMOP:id → name of a concept table. Codes that stand for several concepts are left out."""
    found: dict[str, str] = {}
    for row in rows_of(path):
        found[f"OMOP:{row['concept_id']}"] = row["concept_name"]
        if row["concept_code"] != "OMOP generated":
            found[f"{row['vocabulary_id'].replace(' ', '_')}:{row['concept_code']}"] = row["concept_name"]
    return found
