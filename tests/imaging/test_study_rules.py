"""Each rule of the LOINC parser: every side, number of views and phase of contrast, and that none is there for nothing.

data/study_examples.tsv says what a description means, in LOINC's words; data/names_read_otherwise.tsv lists LOINC's own
names that the parser reads as another code, for it knows fewer words than LOINC. Both were read by a person.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from harmonize.imaging import study_loinc, study_parts
from harmonize.imaging.loinc_codes import LoincCode, by_parts, codes
from harmonize.imaging.study_loinc import propose
from harmonize.imaging.study_parts import Parts, normal_description, read_parts
from harmonize.imaging.study_rules import PartRule, Rules, rules

DATA = Path(__file__).parent / "data"
# A DICOM modality of each family.
MODALITY = {
    "PT": "PT", "SPECT": "ST", "NM": "NM", "MR": "MR", "CT": "CT", "MG": "MG", "XA": "XA", "RF": "RF", "US": "US",
    "XR": "DX",
}  # fmt: skip
Study = tuple[str, str]


def table(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def examples() -> list[Study]:
    return [(row["modality"], row["description"]) for row in table("study_examples")]


@cache
def names() -> dict[Study, LoincCode]:
    """Each shipped code's own name as the description of a study of its modality."""
    families: dict[str, str] = {}
    for family in sorted(rules().families.values(), key=lambda family: family.rank):
        for method in family.allowed:
            families.setdefault(method, family.name)
    return {(MODALITY[families[code.method]], code.long_common_name): code for code in codes().values()}


def several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def read(modality: str, description: str) -> LoincCode:
    code = propose(modality, description).code
    assert code is not None, description
    return code


def test_what_a_description_means() -> None:
    wrong = []
    for row in table("study_examples"):
        found = propose(row["modality"], row["description"])
        name = found.code.long_common_name if found.code else ""
        if (name, str(found.confidence)) != (row["name"], row["confidence"]):
            wrong.append(f"{row['modality']} {row['description']}: {name} {found.confidence}, not {row['name']}")
    assert wrong == []


def test_a_code_is_found_by_its_own_name() -> None:
    otherwise = {row["name"]: row["read_as"] for row in table("names_read_otherwise")}
    wrong, used = [], set()
    for study, code in names().items():
        read_as = propose(*study).code
        found = read_as.long_common_name if read_as else ""
        if found != code.long_common_name:
            used.add(code.long_common_name)
            if otherwise.get(code.long_common_name) != found:
                wrong.append(f"{code.long_common_name} is read as {found}")
    assert wrong == []
    assert otherwise.keys() - used == set(), "names that are read as themselves"


def side(code: LoincCode) -> str | None:
    found = set(re.findall(r" - (left|right|bilateral)\b", code.long_common_name))
    return found.pop() if len(found) == 1 else None


def views(name: str) -> str | None:
    match = re.search(r"(GE \d|\d or \d|\d) Views|(Single) view", name)
    return (match[1] or "1") if match else None


def test_no_study_gets_another_side_phase_or_number_of_views() -> None:
    """What cannot be said in a code is left out of it, or there is no code; it is never turned into something else."""
    wrong = []
    for study, code in names().items():
        found = propose(*study).code
        if found is None:
            continue
        if side(found) not in (None, side(code)):
            wrong.append(f"{code.long_common_name}: the side of {found.long_common_name}")
        if code.contrast and found.contrast not in (None, code.contrast):
            wrong.append(f"{code.long_common_name}: the phase of {found.long_common_name}")
        stated = views(code.long_common_name)
        if stated and views(found.long_common_name) not in (None, stated, stated.removeprefix("GE ")):
            wrong.append(f"{code.long_common_name}: the views of {found.long_common_name}")
    assert wrong == []


REGIONS = ["Knee", "Hip", "Shoulder", "Hand", "Wrist", "Ankle", "Foot", "Elbow"]
SIDES = {
    "left": ["LEFT {0}", "{0} LEFT", "LT {0}", "{0} LT", "{0} L"],
    "right": ["RIGHT {0}", "{0} RIGHT", "RT {0}", "{0} RT", "{0} R"],
}
PHASES = {
    "W": ["{0} W CONTRAST", "{0} WITH CONTRAST", "{0} W", "{0} W/ CON", "{0} W IV CONTRAST", "{0} ENHANCED"],
    "WO": ["{0} WO CONTRAST", "{0} WITHOUT", "{0} W/O", "{0} WO", "{0} NON-CON", "{0} UNENHANCED", "{0} NO CONTRAST"],
    "WO & W": ["{0} WWO", "{0} W/WO", "{0} W & W/O CONTRAST", "{0} WITH AND WITHOUT", "{0} WO/W", "WO AND W {0}"],
}  # fmt: skip
COUNTS = {
    "1": ["1 VIEW {0}", "{0} ONE VIEW", "{0} SINGLE VIEW", "{0} 1V"],
    "2": ["2 VIEWS {0}", "{0} TWO VIEWS", "{0} 2 VWS", "{0} 2V"],
    "3": ["3 VIEWS {0}", "{0} THREE VIEWS", "{0} 3V"],
    "4": ["{0} 4 VIEWS", "{0} FOUR VIEWS"],
    "1 or 2": ["{0} 1-2 VIEWS", "{0} 1 OR 2 VIEWS"],
    "2 or 3": ["{0} 2-3 VIEWS", "{0} 2 TO 3 VIEWS"],
    "3 or 4": ["{0} 3/4 VIEWS"],
    "4 or 5": ["{0} 4 OR 5 VIEWS"],
    "GE 2": ["{0} MINIMUM 2 VIEWS", "{0} 2 OR MORE VIEWS", "{0} 2+ VIEWS"],
    "GE 3": ["{0} MIN OF 3 VIEWS", "{0} 3+ VIEWS", "{0} 3 VIEWS MINIMUM"],
    "GE 4": ["{0} 4 OR MORE VIEWS"],
    "GE 5": ["{0} 5+ VIEWS"],
}


def test_each_side_of_each_joint() -> None:
    for stated, forms in SIDES.items():
        for region in REGIONS:
            for form in forms:
                code = read("DX", form.format(region.upper()))
                assert side(code) == stated, (form, code.long_common_name)
                assert region in code.system, (form, code.long_common_name)


def test_each_phase_of_contrast() -> None:
    for stated, forms in PHASES.items():
        for modality, region in (
            ("CT", "ABDOMEN"),
            ("CT", "HEAD"),
            ("CT", "CHEST"),
            ("MR", "BRAIN"),
            ("MR", "KNEE LEFT"),
        ):
            for form in forms:
                code = read(modality, form.format(region))
                assert code.contrast == stated, (modality, form.format(region), code.long_common_name)


def test_each_number_of_views() -> None:
    for stated, forms in COUNTS.items():
        for form in forms:
            assert read_parts("DX", form.format("KNEE")).count == stated, form
    # and no number of a film's views is a number of anything else
    assert read_parts("DX", "CHEST 12 VIEWS").count is None
    assert read_parts("CT", "CHEST 2 VIEWS").count is None


# ---- no rule is there for nothing

Spoken = dict[int, set[Study]]


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> Spoken:
    """By place of a part's rule the studies in which it states something."""
    found: Spoken = {}
    place = {id(rule): number for number, rule in enumerate(rules().parts)}
    state = study_parts._state

    def recorded(parts: Parts, rule: PartRule, text: str) -> None:
        found.setdefault(place[id(rule)], set()).add(study)
        state(parts, rule, text)

    monkeypatch.setattr(study_parts, "_state", recorded)
    for study in [*examples(), *names()]:
        read_parts(*study)
    monkeypatch.undo()
    return found


@pytest.fixture
def with_rules(monkeypatch: pytest.MonkeyPatch) -> Callable[[Rules], None]:
    def put(changed: Rules) -> None:
        for module in (study_parts, study_loinc):
            monkeypatch.setattr(module, "rules", lambda: changed)

    return put


def outcome(study: Study) -> tuple[Any, ...]:
    found, parts = propose(*study), read_parts(*study)
    return found.code, found.confidence, parts.unread, parts.projection, parts.purpose, parts.region


def test_every_rule_of_words_is_needed(spoken: Spoken, with_rules: Callable[[Rules], None]) -> None:
    known, idle = rules(), []
    # examples before LOINC's names; a few of the studies in which a rule speaks are enough
    asked = {number: sorted(studies, key=lambda study: (study in names(), study)) for number, studies in spoken.items()}
    before = {study: outcome(study) for studies in asked.values() for study in studies[:8]}
    for number, rule in enumerate(known.parts):
        with_rules(replace(known, parts=known.parts[:number] + known.parts[number + 1 :]))
        if not any(outcome(study) != before[study] for study in asked.get(number, [])[:8]):
            idle.append(f"{rule.part} {rule.value} {rule.pattern.pattern}")
    assert idle == [], "no example tells these rules from none: add one to data/study_examples.tsv"


def test_every_spelling_is_needed(with_rules: Callable[[Rules], None]) -> None:
    known, idle = rules(), []
    before = {study: outcome(study) for study in examples()}
    for number, (pattern, _) in enumerate(known.spelling):
        with_rules(replace(known, spelling=known.spelling[:number] + known.spelling[number + 1 :]))
        touched = [study for study in before if pattern.search(normal_description(study[1]))]
        if not any(outcome(study) != before[study] for study in touched or before):
            idle.append(pattern.pattern)
    assert idle == []


@pytest.mark.parametrize("name", ["implied", "views"])
def test_every_choice_is_needed(name: str, with_rules: Callable[[Rules], None]) -> None:
    known, idle = rules(), []
    families = {study: read_parts(*study).family for study in examples()}
    before = {study: propose(*study) for study in families}
    for row in known.choices[name]:
        wanted = several(row["when"]["family"]) if name == "implied" else ["XR"]
        with_rules(
            replace(known, choices={**known.choices, name: [one for one in known.choices[name] if one is not row]})
        )
        if not any(propose(*study) != before[study] for study, family in families.items() if family in wanted):
            idle.append(row)
    assert idle == []


def test_a_purpose_that_implies_something_is_stated_by_some_words() -> None:
    stated = {(rule.value, family) for rule in rules().parts if rule.part == "purpose" for family in rule.families}
    for rule in rules().choices["implied"]:
        for purpose in several(rule["when"].get("purpose", [])):
            for family in several(rule["when"]["family"]):
                assert (purpose, family) in stated, rule


def test_a_broader_region_is_loincs() -> None:
    """LOINC writes Abdomen>Liver: the larger region of each."""
    told = {
        (
            re.sub(r"\.(left|right|bilateral)$", "", small).strip(),
            re.sub(r"\.(left|right|bilateral)$", "", large).strip(),
        )
        for code in codes().values()
        for part in re.split(r" &+ ", code.system)
        for large, several in pairwise(part.split(">"))
        for small in several.split("+")
    }
    own = {
        ("Coronary arteries", "Heart"), ("RO vessels", "Lower extremity"),
    }  # fmt: skip
    assert set(rules().choices["broader"].items()) - told == own


def test_the_vessels_of_a_region_are_called_after_it() -> None:
    for region, vessels in rules().choices["vessels"].items():
        same = {"Brain": "Head", "Kidney": "Renal", "Abdomen": "Abdominal"}
        assert vessels == f"{same.get(region, region)} vessels"


def test_modalities_are_of_the_family_of_their_method() -> None:
    """LOINC's names begin with the method, and a family's methods with the family."""
    begins = {"XA": "RF", "SPECT": "NM"}
    for family in rules().families.values():
        for method in family.allowed:
            assert method.startswith(begins.get(family.name, family.name)), (family.name, method)
    ranks = [family.rank for family in rules().families.values()]
    assert ranks == sorted(set(ranks))


def test_of_codes_with_equal_parts_the_lowest_number_stands_for_them() -> None:
    for key, code in by_parts().items():
        equal = [int(one.code.partition("-")[0]) for one in codes().values() if one.key == key]
        assert int(code.code.partition("-")[0]) == min(equal)


def test_a_mixed_study_belongs_to_the_family_that_tells_most() -> None:
    ranked = sorted(rules().families.values(), key=lambda family: family.rank)
    assert [family.name for family in ranked] == ["PT", "SPECT", "NM", "MR", "CT", "MG", "XA", "RF", "US", "XR"]
    for place, first in enumerate(ranked):
        for second in ranked[place + 1 :]:
            for text in (
                f"{MODALITY[first.name]}, {MODALITY[second.name]}",
                f"{MODALITY[second.name]}\\{MODALITY[first.name]}",
            ):
                assert study_parts.normal_modality(text) == first.name
