"""The LOINC radiology codes that are shipped, found by their parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from harmonize.imaging.study_rules import table

_SIDE = re.compile(r"\.(left|right|bilateral)\b")

# method, regions, side, component, challenge: all but the challenge's case as LOINC writes them
Key = tuple[str, frozenset[str], str | None, str, str]


@dataclass(frozen=True)
class LoincCode:
    """A LOINC radiology code with LOINC's own parts, verbatim."""

    code: str
    long_common_name: str
    component: str
    system: str
    method: str

    @property
    def contrast(self) -> str | None:
        """LOINC's timing of the contrast: W, WO or WO & W; None where the code does not tell."""
        match = re.match(r"(WO & W|WO|W)\b.*contrast", self.component.partition("^")[2], re.IGNORECASE)
        return match[1] if match else None

    @property
    def key(self) -> Key | None:
        """The parts by which it is found; None for codes of two examinations or of several sides."""
        if "&&" in self.component or "&&" in self.system:
            return None
        sides = set(_SIDE.findall(self.system))
        if len(sides) > 1:
            return None
        regions = frozenset(
            _SIDE.sub("", region).strip()
            for part in self.system.split(" & ")
            for region in part.rpartition(">")[2].split("+")
        )
        component, _, challenge = self.component.partition("^")
        return self.method, regions, next(iter(sides), None), component, challenge.casefold()


@cache
def codes() -> dict[str, LoincCode]:
    """The shipped codes (mappings/imaging/loinc_radiology.tsv) by their number."""
    return {
        row["loinc_code"]: LoincCode(
            row["loinc_code"], row["long_common_name"], row["component"], row["system"], row["method"]
        )
        for row in table("loinc_radiology")
    }


@cache
def by_parts() -> dict[Key, LoincCode]:
    """The codes by their parts; of several with equal parts the lowest number."""
    found: dict[Key, LoincCode] = {}
    for code in sorted(codes().values(), key=lambda code: int(code.code.partition("-")[0])):
        if code.key is not None:
            found.setdefault(code.key, code)
    return found
