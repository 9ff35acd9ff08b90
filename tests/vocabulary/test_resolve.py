"""What a code stands for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from athena_files import concept, maps_to

from harmonize.vocabulary.load import ensure_vocabulary, load_download
from harmonize.vocabulary.resolve import replaced_codes, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

UNITS = (
    "10*9/L",
    "10*3/uL",
    "10*6/uL",
    "10*12/L",
    "ug/L",
    "umol/L",
    "kg/m2",
    "Cel",
    "mg/dL",
    "ug",
    "m2",
)
CONCEPTS = [
    concept(1, "std", "Standard with self row"),
    concept(2, "bare", "Standard without self row", domain="Observation"),
    concept(3, "old", "Maps to one", standard="", vocabulary="ICD10CM"),
    concept(4, "both", "Maps to two", standard="", vocabulary="ICD10CM"),
    concept(5, "none", "Maps to nothing", standard="", vocabulary="ICD10CM"),
    concept(6, "gone", "Maps to by a row that ended", standard="", vocabulary="ICD10CM"),
    concept(7, "hist", "Maps to value", standard="", vocabulary="ICD10CM"),
    concept(8, "twice", "Retired twin", standard="", invalid="D"),
    concept(9, "twice", "Standard twin"),
    concept(10, "Case", "Upper case"),
    concept(11, "case", "Lower case"),
    concept(12, "a:b", "Code with a colon"),
    concept(13, "[U]/L", "unit per liter", vocabulary="UCUM", domain="Unit"),
    *(concept(20 + n, code, code, vocabulary="UCUM", domain="Unit") for n, code in enumerate(UNITS)),
]
RELATIONSHIPS = [
    maps_to(1, 1),
    maps_to(3, 1),
    maps_to(4, 2),
    maps_to(4, 1),
    maps_to(6, 1, invalid="D"),
    maps_to(7, 2),
    maps_to(7, 1, "Maps to value"),
]


def resolved(con: DuckDBPyConnection, *codings: str) -> list[tuple[object, ...]]:
    con.execute("CREATE OR REPLACE TEMP TABLE coding_used AS SELECT unnest(?::VARCHAR[]) AS coding", [list(codings)])
    resolve(con)
    return con.execute(
        "SELECT source_concept_id, target_concept_id, target_rank, target_count, domain_id, target_code, "
        "value_concept_id FROM coding_target ORDER BY coding, target_rank"
    ).fetchall()


def loaded(con: DuckDBPyConnection, download: Callable[..., Path]) -> DuckDBPyConnection:
    load_download(con, download(CONCEPTS, RELATIONSHIPS))
    return con


SPELLINGS = {
    "10*9/L": [
        "10*9/L",
        "10^9/L",
        "10\u2079/L",
        "10E9/L",
        "x10^9/L",
        "x10E9/L",
        "\u00d7 10\u2079/L",
        "10**9/l",
        "X 10*9/L",
        "10e+9/L",
    ],
    "10*3/uL": ["10^3/\u00b5L", "10\u00b3/\u03bcL", "x10E3/uL", "10*3/mcL", "K/uL", "10&sup3;/&micro;L"],
    "10*6/uL": ["10^6/uL", "10\u2076/\u00b5L"],
    "10*12/L": ["10\u00b9\u00b2/L", "10E12/L"],
    "ug/L": ["\u00b5g/L", "\u03bcg/L", "mcg/L", "&micro;g/L", "&#181;g/l", "ug / L"],
    "umol/L": ["\u00b5mol/L", "\u03bcmol/l", "mcmol/L"],
    "kg/m2": ["kg/m\u00b2", "kg/m^2", "kg/m&#178;", "kg/m**2"],
    "Cel": ["\u00b0C", "\u2103", "\u00baC"],
    "mg/dL": ["mg/dl", "mg/ dL"],
    "ug": ["\u00b5g", "\u03bcg"],
}


def test_a_unit_is_found_in_its_usual_spellings(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    loaded(con, download)
    for code, spelled in SPELLINGS.items():
        found = {unit: resolved(con, f"UCUM:{unit}")[0][1] for unit in spelled}
        assert found == dict.fromkeys(spelled, 20 + UNITS.index(code))


def test_no_prefix_and_no_exponent_is_lost(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    loaded(con, download)
    for unit in (
        "10^8/L",
        "10\u2075/uL",
        "10-9/L",
        "10\u207b\u2079/L",
        "109/L",
        "ng/L",
        "Mmol/L",
        "kg/m",
        "m\u00b3",
    ):
        assert resolved(con, f"UCUM:{unit}")[0][1] == 0, unit


def test_maps_to(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    loaded(con, download)
    assert resolved(con, "ICD10CM:old") == [(3, 1, 1, 1, "Condition", "SNOMED:std", None)]
    assert resolved(con, "ICD10CM:both") == [
        (4, 1, 1, 2, "Condition", "SNOMED:std", None),
        (4, 2, 2, 2, "Observation", "SNOMED:bare", None),
    ]
    assert resolved(con, "ICD10CM:hist") == [(7, 2, 1, 1, "Observation", "SNOMED:bare", 1)]


def test_no_target_keeps_the_source(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    loaded(con, download)
    assert resolved(con, "ICD10CM:none") == [(5, 0, 1, 1, None, None, None)]
    assert resolved(con, "ICD10CM:gone") == [(6, 0, 1, 1, None, None, None)]


def test_standard_concepts_stand_for_themselves(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    loaded(con, download)
    assert resolved(con, "SNOMED:std") == [(1, 1, 1, 1, "Condition", "SNOMED:std", None)]
    assert resolved(con, "SNOMED:bare") == [(2, 2, 1, 1, "Observation", "SNOMED:bare", None)]


def test_one_code_of_several_concepts(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    loaded(con, download)
    assert resolved(con, "SNOMED:twice")[0][:2] == (9, 9)
    assert resolved(con, "SNOMED:Case")[0][:2] == (10, 10)
    assert resolved(con, "SNOMED:case")[0][:2] == (11, 11)


def test_unknown_codes_are_kept_with_concept_0(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    loaded(con, download)
    codings = ["SNOMED:absent", "NOWHERE:1", "no colon", ":", "SNOMED:"]
    assert resolved(con, *codings) == [(0, 0, 1, 1, None, None, None)] * len(codings)
    vocabularies = con.execute("SELECT coding, vocabulary_id, code FROM coding_target").fetchall()
    assert ("NOWHERE:1", "NOWHERE", "1") in vocabularies
    assert ("no colon", None, "no colon") in vocabularies


def test_curies_split_at_the_first_colon_and_blanks_may_be_underscores(
    con: DuckDBPyConnection, download: Callable[..., Path]
) -> None:
    loaded(con, download)
    assert resolved(con, "SNOMED:a:b")[0][:2] == (12, 12)
    assert resolved(con, "Type_Concept:OMOP4976890")[0][:2] == (32817, 32817)
    assert resolved(con, "Type Concept:OMOP4976890")[0][:2] == (32817, 32817)


RETIRED = [
    concept(201, "kept", "Retired, yet marked standard", invalid="D"),
    concept(202, "self", "Retired, maps to itself", invalid="U"),
    concept(203, "once", "Replaced", invalid="U"),
    concept(204, "chain", "Replaced by what is replaced", standard="", invalid="U"),
    concept(205, "round", "Replaced in a circle", invalid="U"),
    concept(206, "about", "The other end of the circle", invalid="U"),
    concept(207, "source", "Maps to what is replaced", standard="", vocabulary="ICD10CM"),
    concept(208, "by code", "Replaced by one that maps", standard="", invalid="U"),
    concept(209, "value", "Has a value that is retired", standard="", vocabulary="ICD10CM"),
    concept(210, "split", "Replaced by two", invalid="U"),
]
REPLACED = "Concept replaced by"
FOLLOWED = [
    maps_to(202, 202), maps_to(203, 1, REPLACED), maps_to(204, 203, REPLACED), maps_to(205, 206, REPLACED),
    maps_to(206, 205, REPLACED), maps_to(207, 203), maps_to(208, 3, REPLACED), maps_to(209, 1),
    maps_to(209, 201, "Maps to value"), maps_to(210, 1, REPLACED), maps_to(210, 2, REPLACED),
]  # fmt: skip


def test_only_valid_standard_concepts_are_targets(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    """invalid_reason counts where standard_concept does not; what replaces a retired concept is followed, and told."""
    load_download(con, download([*CONCEPTS, *RETIRED], [*RELATIONSHIPS, *FOLLOWED]))
    codes = [f"SNOMED:{code}" for code in ("kept", "self", "once", "chain", "round", "by code", "split")]
    resolved(con, *codes, "ICD10CM:source", "ICD10CM:value", "SNOMED:std")
    found = con.execute(
        "SELECT coding, source_concept_id, target_concept_id, is_successor, value_concept_id FROM coding_target "
        "ORDER BY coding, target_rank"
    ).fetchall()
    assert found == [
        ("ICD10CM:source", 207, 1, True, None),
        ("ICD10CM:value", 209, 1, False, None),
        ("SNOMED:by code", 208, 1, True, None),
        ("SNOMED:chain", 204, 1, True, None),
        ("SNOMED:kept", 201, 0, False, None),
        ("SNOMED:once", 203, 1, True, None),
        ("SNOMED:round", 205, 0, False, None),
        ("SNOMED:self", 202, 0, False, None),
        ("SNOMED:split", 210, 1, True, None),
        ("SNOMED:split", 210, 2, True, None),
        ("SNOMED:std", 1, 1, False, None),
    ]
    told = replaced_codes(con)
    assert len(told) == 1
    assert "ICD10CM:source (Maps to what is replaced) by SNOMED:std;" in told[0]
    assert "SNOMED:split (Replaced by two) by SNOMED:std and SNOMED:bare" in told[0]
    resolved(con, "SNOMED:std", "SNOMED:kept")
    assert replaced_codes(con) == []


def test_aliases_of_units_and_operators(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    loaded(con, download)
    assert resolved(con, "UCUM:U/L")[0][:2] == (13, 13)
    assert resolved(con, "UCUM:mL/min/{1.73_m2}")[0][:2] == (720870, 720870)
    assert resolved(con, "Meas Value Operator:<=")[0][:2] == (4171754, 4171754)


def test_a_spelling_that_the_vocabulary_has_comes_before_its_alias(
    con: DuckDBPyConnection, download: Callable[..., Path]
) -> None:
    unit = concept(99, "U/L", "unit per liter, spelled anew", vocabulary="UCUM", domain="Unit")
    load_download(con, download([*CONCEPTS, unit]))
    assert resolved(con, "UCUM:U/L")[0][:2] == (99, 99)


def test_the_starter_covers_the_conventions(con: DuckDBPyConnection) -> None:
    ensure_vocabulary(con)
    expected = {
        "Gender:F": 8532,
        "Gender:M": 8507,
        "Race:5": 8527,
        "Ethnicity:Hispanic": 38003563,
        "Visit:IP": 9201,
        "Visit:OMOP4822460": 32037,
        "Type Concept:OMOP4976955": 32882,
        "SNOMED:419620001": 4306655,
        "SNOMED:373066001": 4188539,
        "SNOMED:77477000": 4300757,
        "LOINC:94500-6": 706163,
        "OMOP Extension:OMOP4873969": 756055,
        "UCUM:mm[Hg]": 8876,
    }
    rows = resolved(con, *sorted(expected))
    assert [row[1] for row in rows] == [expected[coding] for coding in sorted(expected)]
