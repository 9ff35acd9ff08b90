"""The LOINC radiology code of a study: the code whose parts agree with what modality and description state.

Nothing is learned and nothing is looked up by whole description: words state parts (study_parts), parts imply others,
and of all codes with those parts, or with a part given up at a price (choices.yaml), the cheapest is proposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any, Generic, NamedTuple, TypeVar

from harmonize.imaging.loinc_codes import LoincCode, by_parts, codes
from harmonize.imaging.study_parts import Parts, read_parts
from harmonize.imaging.study_rules import Family, Implied, rules, several

UNSPECIFIED = "XXX"
T = TypeVar("T")


@dataclass(frozen=True)
class Proposal:
    """The proposed code (None: no rule leads to one), why, and how sure: 0 to 1."""

    code: LoincCode | None
    reason: str
    confidence: float


class _Choice(NamedTuple, Generic[T]):
    """One thing to ask LOINC for, what it costs, and what to tell about it."""

    value: T
    cost: float = 0.0
    note: str | None = None


def propose(modality: str | None, description: str | None) -> Proposal:
    """The LOINC code for a study of `modality` (DICOM terms in any spelling) with `description`.

    Never a code whose method contradicts the modality (mappings/imaging/family.tsv).
    """
    parts = read_parts(modality, description)
    if not parts.family:
        return Proposal(None, f"no modality that LOINC's radiology codes know ({modality or 'blank'})", 0.0)
    family = rules().families[parts.family]
    costs = rules().choices["costs"]
    price = _imply(parts) * costs["implied"] + (costs["group"] if parts.grouped else 0.0)
    refused = parts.refused or _unread(parts)
    best = None if refused else _named(parts) or _cheapest(parts, family)
    if best is None:
        return Proposal(None, "; ".join([*parts.reasons, refused or "no LOINC code has these parts"]), 0.0)
    code, cost, notes = best
    reason = "; ".join([f"modality {parts.family}", *parts.reasons, *notes])
    return Proposal(code, reason, round(max(rules().choices["confidence"] - price - cost, 0.05), 2))


def _unread(parts: Parts) -> str | None:
    """Why the code of an unspecified region would be false: words that no rule knows may name one."""
    if parts.region not in ([], [UNSPECIFIED]) or not parts.unread:
        return None
    return f"no region is read, and no rule knows {', '.join(parts.unread)}"


def _named(parts: Parts) -> tuple[LoincCode, float, list[str]] | None:
    """The code that a rule names itself: LOINC's codes of two examinations have no parts to be found by."""
    return (codes()[parts.code], 0.0, []) if parts.code else None


def _cheapest(parts: Parts, family: Family) -> tuple[LoincCode, float, list[str]] | None:
    best: tuple[LoincCode, float, list[str]] | None = None
    known = by_parts()
    asked = product(
        _methods(parts, family), _regions(parts), _sides(parts), _components(parts, family), _challenges(parts, family)
    )
    for method, regions, side, component, challenge in asked:
        cost = method.cost + regions.cost + side.cost + component.cost + challenge.cost
        if best is not None and cost >= best[1]:
            continue
        wanted = regions.value
        if method.value == family.angiography:
            wanted = frozenset(_vessels().get(region, region) for region in wanted)
        code = known.get((method.value, wanted, side.value, component.value, challenge.value.casefold()))
        if code is not None:
            notes = [choice.note for choice in (method, regions, side, component, challenge) if choice.note]
            best = code, cost, notes
            if cost == 0:
                break
    return best


def _imply(parts: Parts) -> int:
    """Supply the parts that others imply; returns how many were supplied."""
    supplied = 0
    known = rules()
    for rule in (known.implied_of if parts.purpose else known.implied_without_purpose)[parts.family]:
        if not all(_holds(parts, name, values) for name, values in rule.when):
            continue
        if any(_holds(parts, name, [value]) for name, value in rule.unless):
            continue
        changed = [_give(parts, name, _replaced(parts, rule, name, value)) for name, value in rule.set.items()]
        parts.refused = parts.refused or rule.refuse
        missing = {name: value for name, value in rule.default.items() if not getattr(parts, name)}
        changed += [_give(parts, name, value) for name, value in missing.items()]
        supplied += len(missing)
        if rule.why and any(changed):
            parts.reasons.append(rule.why)
    return supplied


def _replaced(parts: Parts, rule: Implied, name: str, value: Any) -> Any:
    """What a rule sets: of regions that lie not `within` those it replaces, none is lost."""
    if name != "region" or rule.within is None:
        return value
    return [*value, *(region for region in parts.region if region not in (*rule.within, *value))]


def _holds(parts: Parts, name: str, values: list[Any]) -> bool:
    """Whether all of `values` are stated of a part that has several, or one of them of a part that has one."""
    stated = getattr(parts, name)
    if isinstance(stated, list):
        return all(one in stated for one in values)
    return stated in values or (stated is None and "none" in values)


def _give(parts: Parts, name: str, value: Any) -> bool:
    if value is None and isinstance(getattr(parts, name), list):
        value = []
    changed = bool(getattr(parts, name) != value)
    parts.grouped = parts.grouped and name != "region"
    setattr(parts, name, list(value) if isinstance(value, list) else value)
    return changed


def _methods(parts: Parts, family: Family) -> list[_Choice[str]]:
    costs = rules().choices["costs"]
    if parts.method:
        return [_Choice(parts.method)]
    plain = [_Choice(method) for method in family.methods]
    if parts.doppler:
        plain = [_Choice(plain[-1].value), *(_Choice(one.value, costs["next_method"]) for one in plain[:-1])]
    special = family.angiography if parts.angiography else family.portable if parts.portable else ""
    if not special:
        return plain
    note = f"LOINC has no code of method {special} with these parts"
    cost = costs["no_portable" if special == family.portable else "next_method"]
    return [_Choice(special), *(_Choice(choice.value, cost, note) for choice in plain)]


def _regions(parts: Parts) -> list[_Choice[frozenset[str]]]:
    costs, broader = rules().choices["costs"], rules().choices["broader"]
    stated = frozenset(parts.region)
    if not stated:
        cost = costs["no_region_stated"]
        return [_Choice(frozenset({UNSPECIFIED}), cost, "no region is stated")]
    found = [_Choice(stated)]
    containers = stated & {broader.get(region) for region in stated} & set(rules().choices["containers"])
    if containers:
        found.append(_Choice(stated - containers, costs["container"]))
    for region in parts.region:
        if region in rules().choices["alike"]:
            found.append(_Choice((stated - {region}) | {rules().choices["alike"][region]}, costs["next_challenge"]))
        if region in broader and broader[region] not in stated - containers:
            wider = (stated - {region}) | {broader[region]}
            found.append(_Choice(wider, costs["broader"], f"{broader[region]} for {region}"))
    return found


def _sides(parts: Parts) -> list[_Choice[str | None]]:
    if parts.side is None:
        return [_Choice(None)]
    return [
        _Choice(parts.side),
        _Choice(None, rules().choices["costs"]["side"], f"LOINC's code does not tell {parts.side}"),
    ]


def _components(parts: Parts, family: Family) -> list[_Choice[str]]:
    costs = rules().choices["costs"]
    if parts.component is not None:
        wanted = _Choice(parts.component)
        if parts.component.startswith(tuple(rules().choices["needed"])):
            return [wanted]
        return [wanted, _Choice(family.component, costs["no_purpose"], f"LOINC has no code {parts.component}")]
    if parts.family != "XR":
        return [_Choice(family.component)]
    names = _views(parts)
    return [
        _Choice(name, place * costs["next_component"], f"{name}, for {names[0]} is no LOINC code" if place else None)
        for place, name in enumerate(names)
    ]


def _views(parts: Parts) -> list[str]:
    """LOINC's components for the projections and the number of views, best first."""
    stated = sorted(parts.projection)
    for row in rules().choices["views"]:
        fits = (
            row["projections"] in ("*", stated)
            and (row["count"] == "*" or (parts.count or "none") in several(row["count"]))
            and row["portable"] in ("*", parts.portable)
            and ("region" not in row or _holds(parts, "region", several(row["region"])))
        )
        if fits:
            return [name.format(n=parts.count, p=" + ".join(stated)) for name in row["components"]]
    return ["Views"]


def _challenges(parts: Parts, family: Family) -> list[_Choice[str]]:
    costs = rules().choices["costs"]
    if parts.challenge is not None:
        return [_Choice(parts.challenge), _Choice(family.challenge, costs["no_contrast"])]
    if parts.contrast is None:
        return [_Choice(family.challenge), _Choice("", 0.01 if family.challenge else 0.0)]
    names = rules().choices["challenges"][parts.contrast]
    return [
        *(_Choice(name, place * costs["next_challenge"]) for place, name in enumerate(names)),
        _Choice(family.challenge, costs["no_contrast"], "LOINC's code does not tell of the contrast"),
    ]


@cache
def _vessels() -> dict[str, str]:
    return dict(rules().choices["vessels"])
