"""Suggested concepts: which comes first, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from athena_files import concept, maps_to

from harmonize.engine.errors import InputError
from harmonize.vocabulary.load import load_download
from harmonize.vocabulary.suggest import Site, Suggestion, Term, domain_of, site_names, suggest

LINES = [
    concept(1, "100", "Pneumonia"),
    concept(2, "101", "Viral pneumonia"),
    concept(3, "102", "Hypertensive disorder"),
    concept(4, "103", "Pulmonary hypertension"),
    concept(5, "718-7", "Hemoglobin [Mass/volume] in Blood", vocabulary="LOINC", domain="Measurement"),
    concept(6, "59260-0", "Hemoglobin [Moles/volume] in Blood", vocabulary="LOINC", domain="Measurement"),
    concept(7, "J18.9", "Pneumonia, organism unspecified", vocabulary="ICD10CM", standard=""),
    concept(8, "104", "Frobbed", domain="Meas Value"),
    concept(9, "105", "Not frobbed", domain="Meas Value"),
    concept(10, "106", "Candidiasis of lung"),
    concept(11, "R50", "Fever, unspecified", vocabulary="ICD10CM", standard=""),
    concept(12, "107", "Fever"),
    concept(13, "108", "Old pneumonia", invalid="D"),
    concept(14, "109", "Fever", domain="Observation"),
    *(
        concept(100 + i, f"9{i}", f"Filler {word} finding")
        for i, word in enumerate(("alpha", "beta", "gamma", "delta"))
    ),
]


@pytest.fixture
def store(con: duckdb.DuckDBPyConnection, download: Callable[..., Path]) -> duckdb.DuckDBPyConnection:
    load_download(con, download(LINES, [maps_to(7, 1)]))
    return con


def asked(store: duckdb.DuckDBPyConnection, term: Term, sites: list[Site] | None = None) -> list[Suggestion]:
    return suggest(store, [term], sites=sites or [])[0]


@pytest.mark.parametrize(
    ("term", "concept_id", "reason"),
    [
        (Term("pneumonia"), 1, "same name"),
        (Term("PNEUMONIA, VIRAL"), 2, "same words in the name"),
        (Term("viral pneumonias"), 2, "same words in the name"),
        (Term("pneumonai"), 1, "pneumonai read as pneumonia"),
        (Term("pulmonary candidiasis"), 10, "same words in the name"),
        (Term("htn"), 3, "htn is hypertens"),
        (Term("pulm htn"), 4, "htn is hypertension"),
        (Term("haemoglobin", unit="g/dL"), 5, "% of the words of the name"),
        (Term("Hgb", unit="mmol/L"), 6, "hgb is hemoglobin"),
        (Term("J18.9"), 1, "code of ICD10CM, which maps to it"),
        (Term("J189", vocabulary="icd10cm"), 1, "code of ICD10CM"),
        (Term("ICD10CM:J18.9"), 1, "code of ICD10CM"),
        (Term("SNOMED:101"), 2, "code of SNOMED"),
        (Term("not frobbed"), 9, "same name"),
        (Term("Fever", domain="Condition"), 12, "domain Condition"),
        (Term("Fever", domain="Observation"), 14, "domain Observation"),
    ],
)
def test_first(store: duckdb.DuckDBPyConnection, term: Term, concept_id: int, reason: str) -> None:
    first = asked(store, term)[0]
    assert first.concept_id == concept_id
    assert any(reason in said for said in first.reasons)


def test_a_code_that_leads_nowhere_is_looked_for_by_its_name(store: duckdb.DuckDBPyConnection) -> None:
    first = asked(store, Term("R50", "Condition", vocabulary="ICD10CM"))[0]
    assert first.concept_id == 12
    assert "ICD10CM calls it Fever, unspecified" in first.reasons[0]


def test_a_denial_is_not_the_thing(store: duckdb.DuckDBPyConnection) -> None:
    scores = {suggestion.concept_id: suggestion.score for suggestion in asked(store, Term("frobbed"))}
    assert scores[8] == 0.98
    assert scores.get(9, 0) < 0.5


def test_only_valid_concepts(store: duckdb.DuckDBPyConnection) -> None:
    assert 13 not in {suggestion.concept_id for suggestion in asked(store, Term("old pneumonia"))}


def test_what_sites_decided(store: duckdb.DuckDBPyConnection) -> None:
    sites = [
        ("a", "Lung inflamed", "SNOMED:100"),
        ("b", "lung inflamed", "SNOMED:100"),
        ("b", "Unclear", "sssom:NoTermFound"),
    ]
    first = asked(store, Term("lung inflamed"), sites)[0]
    assert (first.concept, first.concept_id) == ("SNOMED:100", 1)
    assert "so mapped at" in first.reasons[0]
    assert asked(store, Term("Unclear"), sites)[0].concept == "sssom:NoTermFound"
    # That nothing fits is said of that text alone.
    assert not asked(store, Term("unclear lung"), sites) or all(
        suggestion.concept != "sssom:NoTermFound" for suggestion in asked(store, Term("unclear lung"), sites)
    )


def test_a_concept_that_the_vocabulary_lacks(store: duckdb.DuckDBPyConnection) -> None:
    (first,) = asked(store, Term("Hospice"), [("a", "hospice", "UB04:50")])
    assert (first.concept, first.concept_id, first.name) == ("UB04:50", None, None)


def test_several_terms_and_limit(store: duckdb.DuckDBPyConnection) -> None:
    found = suggest(store, [Term("zzz"), Term("pneumonia"), Term("")], limit=1, sites=[])
    assert [[suggestion.concept_id for suggestion in one] for one in found] == [[], [1], []]


def test_numbers_alone_are_like_nothing(store: duckdb.DuckDBPyConnection) -> None:
    assert asked(store, Term("0 5"), [("a", "0 5 beds", "SNOMED:100")]) == []


def test_words_are_divided_once(store: duckdb.DuckDBPyConnection) -> None:
    store.execute("UPDATE omop.concept SET concept_name = 'Renamed'")
    assert asked(store, Term("viral pneumonia"))[0].concept_id == 2


def test_a_new_vocabulary_has_a_new_index(store: duckdb.DuckDBPyConnection, download: Callable[..., Path]) -> None:
    load_download(store, download([concept(1, "100", "Measles")], name="next"))
    assert asked(store, Term("measles"))[0].concept_id == 1
    assert asked(store, Term("pneumonia")) == []


@pytest.mark.parametrize(
    "change",
    ["DROP TABLE harmonize.suggest_index", "UPDATE harmonize.suggest_index SET fingerprint = 'another'"],
)
def test_without_an_index_of_these_lists_it_is_made_for_the_call(store: duckdb.DuckDBPyConnection, change: str) -> None:
    expected = asked(store, Term("pneumonia, viral"))
    store.execute(change)
    store.execute("DELETE FROM harmonize.suggest_name_word")
    assert asked(store, Term("pneumonia, viral")) == expected


def test_unknown_domain(store: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(InputError, match="knows no domain 'Conditions'"):
        asked(store, Term("fever", "Conditions"))


def test_site_names() -> None:
    every = site_names()
    assert ("ehr/site_419639", "DETECTED", "LOINC:LA6576-8") in every
    assert {name for name, _, _ in site_names(without="ehr/site_419639")} == {n for n, _, _ in every} - {
        "ehr/site_419639"
    }


@pytest.mark.parametrize(
    ("table", "column", "domain"),
    [
        ("measurement", "measurement_concept_id", "Measurement"),
        ("measurement", "unit_concept_id", "Unit"),
        ("measurement", "value_as_concept_id", None),
        ("observation", "observation_concept_id", None),
    ],
)
def test_domain_of(table: str, column: str, domain: str | None) -> None:
    assert domain_of(table, column) == domain


UNITS = [
    concept(201, "10*3/uL", "thousand per microliter", vocabulary="UCUM", domain="Unit"),
    concept(202, "10*4/uL", "ten thousand per microliter", vocabulary="UCUM", domain="Unit"),
    concept(203, "10*9/L", "billion per liter", vocabulary="UCUM", domain="Unit"),
    concept(204, "ug/L", "microgram per liter", vocabulary="UCUM", domain="Unit"),
    concept(205, "mg/L", "milligram per liter", vocabulary="UCUM", domain="Unit"),
]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("10^9/L", ["UCUM:10*9/L"]),
        ("x10\u2079/l", ["UCUM:10*9/L"]),
        ("\u03bcg/L", ["UCUM:ug/L"]),
        ("mcg/L", ["UCUM:ug/L"]),
        ("ug/L", ["UCUM:ug/L"]),
        ("thousand per microliter", ["UCUM:10*3/uL"]),
        ("microgram per liter", ["UCUM:ug/L"]),
        ("nanogram per liter", []),
        ("10^5/uL", []),
    ],
)
def test_no_unit_is_suggested_for_another_prefix_or_exponent(
    con: duckdb.DuckDBPyConnection, download: Callable[..., Path], value: str, found: list[str]
) -> None:
    load_download(con, download([*LINES, *UNITS], []))
    assert [suggestion.concept for suggestion in asked(con, Term(value, domain="Unit"))] == found


@pytest.mark.parametrize(
    "value",
    ["Y", "no", " TRUE ", "f", "120", "4.5", "<0.5", "1,240", "98 %", "120/80", "-5", "2020-03-01", "3/14/2020 08:15",
     "20200314", "12-Mar-2020", "March 3, 2020"],
)  # fmt: skip
def test_answers_numbers_and_dates_name_nothing(store: duckdb.DuckDBPyConnection, value: str) -> None:
    sites: list[Site] = [("a", value, "SNOMED:100"), ("b", value.strip(), "SNOMED:101")]
    assert asked(store, Term(value), sites) == []
    assert not Term(value).is_name


@pytest.mark.parametrize(
    ("value", "vocabulary"),
    [("840539006", None), ("100", "SNOMED"), ("J18.9", None), ("SNOMED:100", None), ("2951-2", None),
     ("yes we can", None), ("type 2", None), ("unknown", None)],
)  # fmt: skip
def test_codes_and_words_may_name_something(value: str, vocabulary: str | None) -> None:
    assert Term(value, vocabulary=vocabulary).is_name


def test_a_site_is_not_told_its_own_rows(store: duckdb.DuckDBPyConnection) -> None:
    sites: list[Site] = [("own", "lung gone", "SNOMED:101"), ("other", "lung gone", "SNOMED:100")]

    def said_by(term: Term) -> set[str]:
        return {reason for one in asked(store, term, sites) for reason in one.reasons if "so mapped at" in reason}

    assert said_by(Term("lung gone", site="own")) == {"so mapped at other: lung gone"}
    assert said_by(Term("lung gone")) == {"so mapped at other: lung gone", "so mapped at own: lung gone"}


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        ("pneumonia", {"Pneumonia"}),  # neither the viral one nor the old one
        ("viral pneumonia", {"Viral pneumonia"}),
        ("pneumonia of the lung", set()),  # a word that the concept lacks
        ("hypertension disease", {"Hypertensive disorder"}),  # words that say nothing more
        ("htn", {"Hypertensive disorder"}),
        ("not pneumonia", set()),
    ],
)
def test_what_says_neither_more_nor_less(store: duckdb.DuckDBPyConnection, value: str, exact: set[str]) -> None:
    assert {one.name for one in asked(store, Term(value)) if one.exact} == exact


def test_a_specimen_narrows_no_test_and_a_method_does(
    con: duckdb.DuckDBPyConnection, download: Callable[..., Path]
) -> None:
    blood = [
        concept(1, "1", "Leukocytes [#/volume] in Blood by Automated count", vocabulary="LOINC", domain="Measurement"),
        concept(2, "2", "Hemoglobin [Mass/volume] in Blood", vocabulary="LOINC", domain="Measurement"),
        concept(3, "3", "Hematocrit [Volume Fraction] of Blood", vocabulary="LOINC", domain="Measurement"),
        concept(4, "4", "Hemoglobin [Moles/volume] in Blood", vocabulary="LOINC", domain="Measurement"),
        concept(5, "5", "Hemoglobin disorder"),
    ]
    load_download(con, download(blood, []))
    leukocytes, hemoglobin, oxygen = suggest(
        con,
        [
            Term("leukocytes", "Measurement", "10*3/uL"),
            Term("hemoglobin", "Measurement", "g/dL"),
            Term("FIO2", "Measurement", "%"),
        ],
        sites=[],
    )
    assert [(one.concept, one.exact) for one in leukocytes if one.concept == "LOINC:1"] == [("LOINC:1", False)]
    # neither a concept of another property than the unit's, nor one of another domain
    assert {(one.concept, one.exact) for one in hemoglobin if len(one.concept) == 7} == {("LOINC:2", True)}
    # words of the unit alone are no likeness
    assert oxygen == []
