"""The check digits of SNOMED CT and LOINC codes: a mistyped code is told from one that a vocabulary merely
lacks.
"""

from __future__ import annotations

import re

# Verhoeff's dihedral group and permutation, as the SNOMED CT technical guide gives them for SCTIDs.
_D5 = ("0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
       "5987604321", "6598710432", "7659821043", "8765932104", "9876543210")  # fmt: skip
_PERMUTATION = ("0123456789", "1576283094", "5803796142", "8916043527",
                "9453126870", "4286573901", "2793806415", "7046913258")  # fmt: skip
_CONCEPT = re.compile(r"[0-9]{6,18}")
_SIGNS = re.compile(r"[0-9:,+=(){}.#*/\s<>-]+")
_LOINC = re.compile(r"(\d+)-(\d)")


def valid_code(vocabulary: str, code: str) -> bool:
    """False where a SNOMED or LOINC code cannot exist; codes of other vocabularies are not judged."""
    if vocabulary == "SNOMED":
        return bool(expression_concepts(code)) or (code.isascii() and code.isdigit() and _verhoeff(code) == 0)
    if vocabulary == "LOINC" and (match := _LOINC.fullmatch(code)):
        return _mod10(match[1]) == int(match[2])
    return True


def expression_concepts(code: str) -> list[str]:
    """The concepts of a post-coordinated expression of SNOMED CT that can exist; none where it is no such expression.

    It joins several concepts by the signs of the compositional grammar, terms between pipes and texts in quotes aside.
    Such an expression is a code (https://hl7.org/fhir/R4/snomedct.html).
    """
    plain = re.sub(r"\|[^|]*\||\"(?:[^\"\\]|\\.)*\"|#[+-]?[0-9.]+", "", code)
    concepts = _CONCEPT.findall(plain)
    joined = re.search(r"[:+=]", plain) is not None and _SIGNS.fullmatch(plain) is not None
    sound = joined and len(concepts) > 1 and all(_verhoeff(concept) == 0 for concept in concepts)
    return concepts if sound else []


def _verhoeff(digits: str) -> int:
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = int(_D5[check][int(_PERMUTATION[place % 8][int(digit)])])
    return check


def _mod10(digits: str) -> int:
    """LOINC's check digit (LOINC Users' Guide, appendix C): every other digit doubled, from the right."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number // 10 + number % 10
    return -total % 10
