"""What a column seems to be and in which unit, by mappings/onboarding/columns.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import root
from harmonize.engine.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


_NEAREST = 3
_LITTLE = frozenset(
    {"the", "of", "a", "or", "and", "in", "from", "by", "that", "which", "is", "no", "not", "it", "number"}
)
"""Words by which no meaning is known."""


@dataclass(frozen=True)
class Unit:
    """The unit that a column seems to have.

    `basis` is stated (a word in the header or the cells, or the form of the cells) or magnitude (its values); `expr` is
    the expression that gives the number in the unit of the meaning. A value below `least` or above `most`, in
    this unit, is none.
    """

    unit: str
    basis: str
    expr: str
    least: float | None = None
    most: float | None = None


@cache
def rules() -> dict[str, Any]:
    """mappings/onboarding/columns.yaml."""
    found: dict[str, Any] = read_yaml(root("mappings") / "onboarding" / "columns.yaml")
    return found


def words(header: str) -> str:
    """A header in small letters with one blank between its words: `PatientStudyID` and `patient_study_id` are alike."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header)
    return " ".join(re.sub(r"[^\w%\"]|_", " ", spaced).lower().split())


def meaning_of(header: str, kind: str, hold: Callable[[str], bool]) -> str | None:
    """The first meaning that header, kind and cells fit, None where none does.

    `hold` says whether nearly all cells match a regular expression (RE2) as a whole.
    """
    spelled = words(header)
    for name, rule in rules()["meanings"].items():
        fits = kind in rule["kinds"] and re.search(rule["header"], spelled)
        if fits and not re.search(rule.get("never", "(?!)"), spelled) and ("cells" not in rule or hold(rule["cells"])):
            return str(rule.get("means", name))
    return None


def meanings() -> dict[str, str]:
    """Every meaning that a column may have, and what it says, in the order of their names."""
    known = {str(rule.get("means", name)) for name, rule in rules()["meanings"].items()}
    return {name: str(rules()["glossary"][name]["says"]) for name in sorted(known)}


def nearest_meanings(said: str) -> list[str]:
    """The meanings that a word which is none may stand for, by what they mean and not by how they are spelled: those
    with it among their other words or as a word of their description, else those that a column of this name may have.
    """
    text = words(said)
    asked = set(text.split())
    by_word = {name: [words(other) for other in rules()["glossary"][name]["also"]] for name in meanings()}
    same = [name for name, others in by_word.items() if text in others]
    if same:
        return same
    named = [
        str(rule.get("means", name))
        for name, rule in rules()["meanings"].items()
        if name != "date" and re.search(rule["header"], text) and not re.search(rule.get("never", "(?!)"), text)
    ]
    if named:
        return list(dict.fromkeys(named))[:_NEAREST]
    shared = {
        name: len(asked & set(" ".join([*others, words(meanings()[name]), name.replace("_", " ")]).split()) - _LITTLE)
        for name, others in by_word.items()
    }
    most = max(shared.values())
    return [name for name, count in shared.items() if most and count == most][:_NEAREST]


def _right_one(said: str) -> str:
    """What to write in place of a meaning that there is not."""
    near = nearest_meanings(said)
    all_of_them = "All meanings: harmonize mapping init --meanings"
    if near:
        told = " or ".join(f"{name!r} ({meanings()[name]})" for name in near)
        return f"Did you mean {told}? {all_of_them}"
    return f"{did_you_mean(said, meanings())} {all_of_them}".strip()


def said_meanings(said: Sequence[str]) -> dict[str, str | None]:
    """Header → meaning of texts such as `Chart=patient`; None for `Ht=`.

    Raises InputError for a meaning that there is not.
    """
    known = meanings()
    found: dict[str, str | None] = {}
    for text in said:
        header, equals, meaning = text.rpartition("=")
        if not equals or not header:
            raise InputError(f"--meaning {text!r} does not say which column is what.", "Write 'Column header=patient'.")
        if meaning.strip() and meaning.strip() not in known:
            raise InputError(f"There is no meaning {meaning.strip()!r}.", _right_one(meaning.strip()))
        found[header.strip()] = meaning.strip() or None
    return found


def unit_of(meaning: str | None, header: str, kind: str, median: float | None, texts: Sequence[str]) -> Unit | None:
    """The unit of a physical quantity; None where it has none or nothing fits.

    By the form of its cells, by a word in the header or behind the numbers (`texts`), else by the size of its values.
    """
    rule = rules()["meanings"].get(meaning, {})
    units = rule.get("units", [])
    said = f"{words(header)} {' '.join(texts)}"
    number = f"number(replace({{x}}, '{texts[0]}', ''))" if kind == "quantity" and len(texts) == 1 else "number({x})"
    for unit in units:
        by_form = kind in unit.get("kinds", [])
        if by_form or ("word" in unit and kind != "feet" and re.search(unit["word"], said.lower())):
            return _unit(unit, "stated", number)
    for unit in units:
        if median is not None and unit.get("low", 1) <= median < unit.get("high", 0):
            return _unit(unit, "magnitude", number)
    return None


def _unit(rule: dict[str, Any], basis: str, number: str) -> Unit:
    return Unit(rule["unit"], basis, rule["expr"].replace("{n}", number), rule.get("least"), rule.get("most"))


def limits_of(meaning: str | None, unit: Unit | None) -> tuple[float | None, float | None]:
    """The least and the most that a value of this meaning, in this unit, can be."""
    if unit is not None:
        return unit.least, unit.most
    rule = rules()["meanings"].get(meaning or "", {})
    return rule.get("least"), rule.get("most")


def stated_unit(header: str, units: frozenset[str]) -> str | None:
    """The unit that a header ends with, in brackets or as its last word; None where `units` has none such."""
    found = re.search(r"[(\[]([^()\[\]]+)[)\]]\s*$", header) or re.search(r"[\s_]([^\s_]*[/%][^\s_]*)$", header)
    return found[1].strip() if found and found[1].strip() in units else None


def without_unit(header: str) -> str:
    """A header without the unit that it ends with, or what stands there in brackets."""
    return re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$|[\s_][^\s_]*[/%][^\s_]*$", "", header) or header
