"""Constants in mappings: that they mean what the value they stand for says, and that an entry keeps to one column."""

from __future__ import annotations

import re
from pathlib import Path

from map_values import entries, mapped_constants
from names_table import CONSTANTS, constant_lines, constant_names
from value_words import disagreement, likeness, words

# Answers in all their spellings; a constant of one class stands for no value of another.
ANSWERS = {
    "yes": {
        "yes", "true", "y", "positive", "detected", "present", "1",
        "loinc:la33-6", "snomed:373066001", "loinc:la6576-8",
    },
    "no": {
        "no", "false", "n", "negative", "not detected", "absent", "0", "2", "refuted",
        "loinc:la32-8", "loinc:la6577-6",
    },
    "unknown": {
        "unknown", "indeterminate", "inconclusive", "99", "ik", "not reported", "loinc:la9663-1", "cirr:unknown",
    },
}  # fmt: skip
# CDC race and ethnicity codes (urn:oid:2.16.840.1.113883.6.238), as US Core has them.
CDC = {
    "1002-5": "American Indian or Alaska Native", "2028-9": "Asian", "2054-5": "Black or African American",
    "2076-8": "Native Hawaiian or Other Pacific Islander", "2106-3": "White",
    "2135-2": "Hispanic or Latino", "2186-5": "Not Hispanic or Latino",
}  # fmt: skip
RACES = {"alaska", "asian", "black", "hawaiian", "white"}
# 1 and 2: ISARIC's; US Core's sex is told by SNOMED codes
SEXES = {"m": "male", "f": "female", "1": "male", "2": "female", "248153007": "male", "248152002": "female"}


def answer(text: str) -> str | None:
    return next((name for name, texts in ANSWERS.items() if text.strip().casefold() in texts), None)


def test_an_answer_stays_the_same_answer() -> None:
    wrong = [
        f"{value!r} becomes {becomes!r} ({sorted(where)[0]})"
        for (value, becomes), where in mapped_constants().items()
        if answer(value) and answer(becomes) and answer(value) != answer(becomes)
    ]
    assert wrong == []


def test_a_race_stays_the_same_race() -> None:
    names, wrong, compared = constant_names(), [], 0
    for (value, becomes), where in mapped_constants().items():
        meant = words(names.get(becomes, becomes)) & RACES
        told = words(CDC.get(value, value)) & RACES
        if not any(slot.split()[-1].startswith(("race", "coding", "observation_answer")) for slot in where) or not (
            told and meant
        ):
            continue
        compared += 1
        if not meant <= told or (len(told) > 1 and not becomes.startswith("Other")):
            wrong.append(f"{value!r} becomes {becomes!r} ({sorted(where)[0]})")
    assert wrong == []
    assert compared >= 29


def test_several_races_are_other() -> None:
    told = {value: becomes for value, becomes in mapped_constants() if len(words(value) & RACES) > 1}
    assert len(told) >= 10
    assert set(told.values()) == {"Other"}


def test_sexes_and_ethnicities() -> None:
    names, compared = constant_names(), 0
    for (value, becomes), where in mapped_constants().items():
        slots = {slot.split()[-1] for slot in where}
        meant = words(names.get(becomes, becomes))
        if slots & {"sex", "gender_coding"} and meant & {"male", "female"}:
            compared += 1
            assert words(SEXES.get(value.casefold(), value)) == meant & {"male", "female"}, (value, becomes)
        if slots & {"ethnicity", "ethnicity_coding"} and "hispanic" in meant and value != ",":
            compared += 1
            assert disagreement(CDC.get(value, value), names.get(becomes, becomes)) is None, (value, becomes)
    assert compared >= 12


# Better words, another meaning: whether a long COVID diagnosis is positive is yes or no, and there are two reasons.
ACCEPTED = {("Positive", "LOINC:LA33-6"), ("entered-in-error", "docStatus entered-in-error")}


def test_no_other_constant_fits_a_value_better() -> None:
    """Among the constants that stand for values of a slot, a value has the one whose words it shares most."""
    names = constant_names()
    slots: dict[str, list[tuple[str, str, str, str]]] = {}
    for (value, becomes), where in mapped_constants().items():
        for slot in where:
            slots.setdefault(slot, []).append((value, CDC.get(value, value), becomes, names.get(becomes, becomes)))
    wrong = []
    for slot, pairs in slots.items():
        for value, said, becomes, meant in pairs:
            if (value, becomes) in ACCEPTED or (becomes == "Other" and ", " in value):
                continue
            possible = {name for _, _, _, name in pairs if disagreement(said, name) is None} | {meant}
            best, better = max((likeness(words(said), words(name)), name) for name in possible)
            if best > likeness(words(said), words(meant)):
                wrong.append(f"{slot}: {value!r} becomes {becomes!r}, {better!r} fits better")
    assert wrong == []


def test_the_reviewed_table_says_the_same() -> None:
    lines, reviewed = constant_lines(), CONSTANTS.read_text(encoding="utf-8").splitlines()
    new = [f"+ {line}" for line in lines if line not in set(reviewed)]
    gone = [f"- {line}" for line in reviewed if line not in set(lines)]
    assert gone + new == [], (
        f"a value becomes something else: review it, then run python {Path(__file__).parent}/names_table.py"
    )


def test_an_entry_keeps_to_one_column() -> None:
    """Where an entry is named after a column, its coding, its condition and its value are of that column."""
    wrong, compared = [], 0
    for mapping, slots in entries():
        coding = str((slots.get("coding") or {}).get("value", ""))
        prefix, _, column = coding.partition(":")
        part = str((slots.get("part_") or {}).get("value", ""))
        text = " ".join(str(one) for one in slots.values())
        if prefix in {"NY_SBU", "CIRR"} and "#" not in column:
            compared += 1
            plain = re.sub(r"\W", "_", column)
            if (
                not re.search(rf"\b{re.escape(plain)}\b", re.sub(r"value': '[^']*'", "", text)) or column not in part
            ) and part != "icu_answer":
                wrong.append(f"{mapping}: {part} is coded {coding}")
        for number in set(re.findall(r"\bc_(\d+_\d)_", text)):
            compared += 1
            if coding != f"LOINC:{number.replace('_', '-')}":
                wrong.append(f"{mapping}: a column of {number} is coded {coding}")
    assert wrong == []
    assert compared > 80
