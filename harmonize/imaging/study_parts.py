"""A study's modality and description taken apart: family, region, side, contrast, views and purpose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from harmonize.imaging.study_rules import PartRule, Rules, rules

BLANK = frozenset({"", "(BLANK)", "[BLANK]", "<NONE>", "NONE", "NULL", "N/A", "0"})
# What the name of a protocol's group may tell.
GROUP_TELLS = frozenset({"region", "angiography"})
_WORD = re.compile(r"[A-Z]{2,}")


@dataclass
class Parts:
    """What a study's modality and description state.

    `region`: LOINC names of the regions; `contrast`: W, WO or WWO; `count`: the number of views as LOINC writes it.
    `method` and `code`: LOINC's own, where a rule names them; `refused`: why no code can be right.
    `reasons` says which words stated what, `unread` which words no rule knows.
    """

    family: str
    region: list[str] = field(default_factory=list)
    side: str | None = None
    contrast: str | None = None
    angiography: bool = False
    portable: bool = False
    doppler: bool = False
    projection: list[str] = field(default_factory=list)
    count: str | None = None
    purpose: list[str] = field(default_factory=list)
    component: str | None = None
    challenge: str | None = None
    method: str | None = None
    code: str | None = None
    refused: str | None = None
    stated: bool = True
    grouped: bool = False
    reasons: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


Statement = tuple[object, ...]


def statement(parts: Parts) -> Statement | None:
    """What is stated, whatever the words: equal for descriptions that say the same; None where no region is named."""
    if not parts.region:
        return None
    several = (tuple(sorted(parts.region)), tuple(sorted(parts.projection)), tuple(sorted(parts.purpose)))
    flags = (parts.angiography, parts.portable, parts.doppler)
    return parts.family, *several, parts.side, parts.contrast, parts.count, *flags


def normal_modality(text: str | None) -> str:
    """The family of a modality in any spelling (`CR, DX`, `CT\\PT`, `['PT','NM']`), or '' if blank or unknown.

    A mixed study belongs to the family that mappings/imaging/family.tsv ranks first: PT of PT and CT.
    """
    known = rules()
    return min(_families(text, known), key=lambda name: known.families[name].rank, default="")


def _families(text: str | None, known: Rules) -> set[str]:
    found = {known.modalities.get(word) for word in re.findall(r"[A-Z]+", (text or "").upper())}
    return {name for name in found if name}


def normal_description(text: str | None) -> str:
    """A description in capitals with single spaces; '' where it is blank (`<none>`, `(blank)`, `0`)."""
    words = " ".join((text or "").upper().split())
    return "" if words in BLANK else words


def read_parts(modality: str | None, description: str | None) -> Parts:
    """The parts that modality and description state.

    A scanner writes `Group^PROTOCOL`: the group's region counts only where the protocol names none.
    """
    known = rules()
    text = normal_description(description)
    group, mark, protocol = text.partition("^")
    spelled = _spelled(protocol if mark else text, known)
    named = "" if mark else _opening(spelled, known)
    listed = _listed(modality, named, known)
    family = _family(listed, spelled, known) or _family(listed, _spelled(group, known), known)
    parts = Parts(family, stated=bool(text), refused=_contradicted(listed, named, known))
    if listed and family != listed:
        parts.reasons.append(f"the words tell {family}, the modality {listed}")
    part_rules = known.parts_of[family]
    _read(parts, spelled, part_rules)
    if mark and not parts.region:
        _read(parts, _spelled(group, known), tuple(rule for rule in part_rules if rule.part in GROUP_TELLS))
        parts.grouped = bool(parts.region)
    return parts


def _family(listed: str, text: str, known: Rules) -> str:
    """The family of a study: the listed one, unless its words tell a mixed study; without one that of its words."""
    words: dict[str, str] = known.choices["modality_words"]
    listed = listed or next((words[word] for word in re.findall(r"[A-Z]+", text) if word in words), "")
    mixed = (rule.family for rule in known.mixed if listed in rule.families and rule.pattern.search(text))
    return next(mixed, listed)


def _listed(modality: str | None, named: str, known: Rules) -> str:
    """The family of a study's modality; of several that no one machine has, the one with which the words begin."""
    listed = normal_modality(modality)
    if named and not _together(listed, named, known) and named in _families(modality, known):
        return named
    return listed


def _contradicted(listed: str, named: str, known: Rules) -> str | None:
    """Why no code can be right: a description that begins with another modality than the study's."""
    if not listed or not named or _together(listed, named, known):
        return None
    return f"the description names {named}, the modality is {listed}"


def _opening(text: str, known: Rules) -> str:
    """The family that the first word of a description names, or ''."""
    begins = re.match(r"[A-Z]+", text)
    return known.choices["opening_words"].get(begins.group(), "") if begins else ""


def _together(one: str, other: str, known: Rules) -> bool:
    return one == other or {one, other} in map(set, known.choices["together"])


def _spelled(text: str, known: Rules) -> str:
    for pattern, replacement in known.spelling:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


def _read(parts: Parts, text: str, part_rules: tuple[PartRule, ...]) -> None:
    """Each rule takes the words it knows out of the text, so that no later rule reads them again."""
    for rule in part_rules:
        match = rule.pattern.search(text)
        if match is None:
            continue
        text = rule.pattern.sub(" | " if rule.part == "region" else " ; ", text)
        _state(parts, rule, match.group().strip())
    parts.unread = [word for word in _WORD.findall(text) if word not in rules().fillers]


def _state(parts: Parts, rule: PartRule, words: str) -> None:
    values = rule.value.split(",")
    if rule.part == "noise":
        return
    if rule.part in {"region", "projection", "purpose"}:
        stated: list[str] = getattr(parts, rule.part)
        new = [value for value in values if value not in stated]
        stated.extend(new)
        if new:
            parts.reasons.append(f"{rule.part} {' and '.join(new)} ({words})")
        return
    if rule.part in {"angiography", "doppler", "portable"}:
        if rule.value == "yes" and not getattr(parts, rule.part):
            setattr(parts, rule.part, True)
            parts.reasons.append(f"{rule.part} ({words})")
        return
    if getattr(parts, rule.part) is None:
        setattr(parts, rule.part, rule.value)
        parts.reasons.append(f"{rule.part} {rule.value} ({words})")
