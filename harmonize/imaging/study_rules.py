"""The rules by which a study's description becomes a LOINC code: data of mappings/imaging, read once."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import root
from harmonize.engine.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class PartRule:
    """Words that state a part: `pattern` found in a description of one of `families` (empty: all) states `value`."""

    part: str
    value: str
    families: frozenset[str]
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Family:
    """Modalities that LOINC does not tell apart: its methods, best first, and what its codes say by default.

    `named`: methods that only the words of a description ask for (tomosynthesis of MG).
    """

    name: str
    rank: int
    methods: tuple[str, ...]
    angiography: str
    portable: str
    named: tuple[str, ...]
    component: str
    challenge: str

    @property
    def allowed(self) -> frozenset[str]:
        """Every LOINC method that does not contradict the modality."""
        return frozenset(method for method in (*self.methods, self.angiography, self.portable, *self.named) if method)


@dataclass(frozen=True)
class MixedRule:
    """Words by which a study of one of `families` is known as one of `family`: a PET/CT of which the CT is listed."""

    families: frozenset[str]
    family: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Implied:
    """A row of `implied` in choices.yaml, whose head says what its parts mean."""

    when: tuple[tuple[str, list[Any]], ...]
    unless: tuple[tuple[str, Any], ...]
    set: dict[str, Any]
    default: dict[str, Any]
    within: list[str] | None
    refuse: str | None
    why: str | None


def several(value: Any) -> list[Any]:
    """A value of choices.yaml as the list that it may be."""
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class Rules:
    """All rules; `choices` is choices.yaml as it is."""

    modalities: dict[str, str]
    families: dict[str, Family]
    mixed: tuple[MixedRule, ...]
    spelling: tuple[tuple[re.Pattern[str], str], ...]
    parts: tuple[PartRule, ...]
    choices: dict[str, Any]

    @cached_property
    def parts_of(self) -> dict[str, tuple[PartRule, ...]]:
        """The rules of words that may speak in a family's studies, in their order; '' is a study of no family."""
        return {
            family: tuple(rule for rule in self.parts if not rule.families or family in rule.families)
            for family in ("", *self.families)
        }

    @cached_property
    def fillers(self) -> frozenset[str]:
        """Words that name no region."""
        return frozenset(self.choices["fillers"])

    @cached_property
    def implied_without_purpose(self) -> dict[str, tuple[Implied, ...]]:
        """Those of `implied_of` that ask for no purpose: all that can hold of most studies."""
        return {
            family: tuple(rule for rule in known if all(name != "purpose" for name, _ in rule.when))
            for family, known in self.implied_of.items()
        }

    @cached_property
    def implied_of(self) -> dict[str, tuple[Implied, ...]]:
        """What parts imply in a family's studies, in its order."""
        return {
            family: tuple(
                Implied(
                    tuple((name, several(value)) for name, value in row["when"].items() if name != "family"),
                    tuple((name, value) for name, values in row.get("unless", {}).items() for value in values),
                    row.get("set", {}), row.get("default", {}), row.get("within"), row.get("refuse"), row.get("why"),
                )
                for row in self.choices["implied"]
                if family in several(row["when"]["family"])
            )
            for family in self.families
        }  # fmt: skip


@cache
def rules() -> Rules:
    """The shipped rules (mappings/imaging/*.tsv, choices.yaml)."""
    families = {
        row["family"]: Family(
            row["family"], int(row["rank"]), tuple(row["methods"].split(",")), row["angiography"], row["portable"],
            tuple(row["named"].split(",")) if row["named"] else (), row["component"], row["challenge"],
        )
        for row in table("family")
    }  # fmt: skip
    return Rules(
        {row["modality"]: row["family"] for row in table("modality")},
        families,
        tuple(
            MixedRule(frozenset(row["families"].split()), row["family"], re.compile(row["pattern"]))
            for row in table("mixed")
        ),
        tuple((re.compile(row["pattern"]), row["replacement"]) for row in table("spelling")),
        tuple(
            PartRule(row["part"], row["value"], frozenset(row["families"].split()), re.compile(row["pattern"]))
            for row in table("parts")
        ),
        read_yaml(root("mappings") / "imaging" / "choices.yaml"),
    )


def table(name: str) -> Iterator[dict[str, str]]:
    """The rows of mappings/imaging/<name>.tsv; lines that begin with # are notes."""
    path = root("mappings") / "imaging" / f"{name}.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(
            (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
