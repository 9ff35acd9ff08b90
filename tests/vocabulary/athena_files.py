"""Lines of invented Athena files."""

from __future__ import annotations

CONCEPT_HEAD = (
    "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\tconcept_code\t"
    "valid_start_date\tvalid_end_date\tinvalid_reason"
)
RELATIONSHIP_HEAD = "concept_id_1\tconcept_id_2\trelationship_id\tvalid_start_date\tvalid_end_date\tinvalid_reason"


def concept(
    concept_id: int, code: str, name: str, *, vocabulary: str = "SNOMED", domain: str = "Condition",
    standard: str = "S", invalid: str = "",
) -> str:  # fmt: skip
    """One line of CONCEPT.csv."""
    return "\t".join(
        [
            str(concept_id),
            name,
            domain,
            vocabulary,
            "Clinical Finding",
            standard,
            code,
            "19700101",
            "20991231",
            invalid,
        ]
    )


def maps_to(source: int, target: int, relationship: str = "Maps to", invalid: str = "") -> str:
    """One line of CONCEPT_RELATIONSHIP.csv."""
    return f"{source}\t{target}\t{relationship}\t19700101\t20991231\t{invalid}"
