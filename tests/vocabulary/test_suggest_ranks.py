"""Suggestions in numbers: what each way to a concept is worth, what adds and takes away, and the order of equals."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from athena_files import CONCEPT_HEAD, RELATIONSHIP_HEAD, concept, maps_to

from harmonize.schema.ddl import duckdb_ddl
from harmonize.schema.load import load_schema
from harmonize.vocabulary.load import load_download
from harmonize.vocabulary.suggest import Site, Suggestion, Term, suggest

LINES = [
    concept(1, "100", "Pneumonia"),
    concept(2, "101", "Pneumonia", domain="Observation"),
    concept(3, "J18.9", "Pneumonia, organism unspecified", vocabulary="ICD10CM", standard=""),
    concept(4, "J90", "Lung water", vocabulary="ICD10CM", standard=""),
    concept(5, "103", "Pleural effusion"),
    # equals: one name in three codes; the same words, of two lengths
    concept(10, "203", "Gout"),
    concept(11, "201", "Gout"),
    concept(12, "202", "Gout"),
    concept(13, "210", "Flux capacity"),
    concept(14, "209", "Capacity of flux"),
    concept(20, "300", "Pain of left knee"),
    concept(21, "301", "Pain of right knee"),
    concept(22, "302", "Pain of knee"),
    concept(30, "400", "Frobbed", domain="Meas Value"),
    concept(31, "401", "Not frobbed", domain="Meas Value"),
    concept(32, "402", "Never frobbed before", domain="Meas Value"),
    concept(41, "501", "Zorgonb"),
    concept(40, "500", "Zorgona"),
    *(concept(100 + i, f"9{i}", f"Filler {word} entry") for i, word in enumerate(("alpha", "beta", "gamma", "delta"))),
]


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """One store for all: a suggestion writes into no table of the vocabulary."""
    folder = tmp_path_factory.mktemp("athena")
    (folder / "CONCEPT.csv").write_text("\n".join([CONCEPT_HEAD, *LINES]) + "\n", encoding="utf-8")
    (folder / "CONCEPT_RELATIONSHIP.csv").write_text(
        "\n".join([RELATIONSHIP_HEAD, maps_to(3, 1), maps_to(4, 5)]) + "\n", encoding="utf-8"
    )
    with duckdb.connect() as connection:
        connection.execute(duckdb_ddl(load_schema("omop"), "omop"))
        load_download(connection, folder)
        yield connection


def asked(
    con: duckdb.DuckDBPyConnection, term: Term, sites: list[Site] | None = None, **options: int
) -> list[Suggestion]:
    return suggest(con, [term], sites=sites or [], **options)[0]


def score(found: list[Suggestion], concept: str) -> float:
    return next(one.score for one in found if one.concept == concept)


@pytest.mark.parametrize(
    ("term", "concept", "expected"),
    [
        (Term("SNOMED:100"), "SNOMED:100", 1.0),  # a code with its vocabulary
        (Term("100", vocabulary="SNOMED"), "SNOMED:100", 1.0),
        (Term("ICD10CM:J18.9"), "SNOMED:100", 1.0),  # a code is what it maps to
        (Term("J189"), "SNOMED:100", 0.97),  # a code alone
        (Term("Pneumonia"), "SNOMED:100", 0.98),  # the same text
        (Term(" pneumonia "), "SNOMED:100", 0.98),
        (Term("pneumonias"), "SNOMED:100", 0.9),  # the same words
        (Term("lung water"), "SNOMED:103", 0.97),  # the name of what maps to it: 0.98 * 0.99
        (Term("waters, lung"), "SNOMED:103", 0.891),  # 0.9 * 0.99
        (
            Term("Pneumonia", likely="Condition"),
            "SNOMED:101",
            0.588,
        ),  # of another domain than the likely one: 0.98 * 0.6
        (Term("SNOMED:101", likely="Condition"), "SNOMED:101", 0.6),
    ],
)
def test_what_a_way_is_worth(con: duckdb.DuckDBPyConnection, term: Term, concept: str, expected: float) -> None:
    assert score(asked(con, term), concept) == expected


def test_a_domain_that_is_asked_for_rules_others_out(con: duckdb.DuckDBPyConnection) -> None:
    assert {one.domain for one in asked(con, Term("Pneumonia", domain="Condition"))} == {"Condition"}
    assert asked(con, Term("SNOMED:101", domain="Condition")) == []


@pytest.mark.parametrize(("sites", "expected"), [(0, 0.98), (1, 0.985), (2, 0.99), (3, 0.995), (4, 0.995)])
def test_each_site_that_maps_so_adds_a_little_up_to_three(
    con: duckdb.DuckDBPyConnection, sites: int, expected: float
) -> None:
    named = [(f"s{number}", "Gout", "SNOMED:201") for number in range(sites)]
    found = asked(con, Term("gout"), named)
    assert score(found, "SNOMED:201") == expected
    assert score(found, "SNOMED:203") == 0.98
    # what several sites say comes first
    assert found[0].concept == "SNOMED:201"


def test_a_score_is_at_most_one(con: duckdb.DuckDBPyConnection) -> None:
    named = [(f"s{number}", "SNOMED:100", "SNOMED:100") for number in range(3)]
    assert score(asked(con, Term("SNOMED:100"), named), "SNOMED:100") == 1.0


def test_the_order_of_equals(con: duckdb.DuckDBPyConnection) -> None:
    """The higher score, then a concept before none, the shorter name, and the lower code."""
    assert [one.concept for one in asked(con, Term("gout"))] == ["SNOMED:201", "SNOMED:202", "SNOMED:203"]
    assert [one.concept for one in asked(con, Term("flux capacities"))] == ["SNOMED:210", "SNOMED:209"]
    named = [("a", "flux", "sssom:NoTermFound"), ("b", "flux", "SNOMED:201")]
    found = asked(con, Term("flux"), named)
    assert [one.concept for one in found[:2]] == ["SNOMED:201", "sssom:NoTermFound"]
    assert found[0].score == found[1].score == 0.985


@pytest.mark.parametrize(("side", "same", "other"), [("left", "300", "301"), ("right", "301", "300")])
def test_a_side_that_is_said_costs_where_it_is_another_or_none(
    con: duckdb.DuckDBPyConnection, side: str, same: str, other: str
) -> None:
    found = asked(con, Term(f"{side} knee pain"))
    assert found[0].concept == f"SNOMED:{same}"
    assert score(found, f"SNOMED:{same}") == 0.9
    assert score(found, "SNOMED:302") < 0.85
    assert score(found, f"SNOMED:{other}") < score(found, "SNOMED:302")


def test_a_denial_on_one_side_halves_the_likeness(con: duckdb.DuckDBPyConnection) -> None:
    words = ["not", "no", "non", "never", "without", "negative"]
    for word in words:
        found = asked(con, Term(f"frobbed {word}"))
        assert found[0].concept in {"SNOMED:401", "SNOMED:402"} or word == "negative", word
        assert all(one.concept != "SNOMED:400" or one.score < 0.45 for one in found), word
    plain = asked(con, Term("frobbed"))
    assert plain[0].concept == "SNOMED:400"
    assert all(one.score < 0.45 for one in plain[1:])


def test_a_limit_cuts_after_the_order(con: duckdb.DuckDBPyConnection) -> None:
    assert [one.concept for one in asked(con, Term("gout"), limit=2)] == ["SNOMED:201", "SNOMED:202"]


def test_two_reasons_the_better_first(con: duckdb.DuckDBPyConnection) -> None:
    """A concept that several ways lead to says the two best of them, each once."""
    named = [("b", "Pneumonia", "SNOMED:100"), ("a", "Pneumonia", "SNOMED:100"), ("a", "pneumonia!", "SNOMED:100")]
    first = asked(con, Term("pneumonia", domain="Condition"), named)[0]
    assert first.reasons == ("so mapped at a, b: Pneumonia; domain Condition", "same name; domain Condition")


def test_a_word_takes_the_nearest_spelling_and_says_so(con: duckdb.DuckDBPyConnection) -> None:
    first = asked(con, Term("pneumonai"))[0]
    assert (first.concept, first.score) == ("SNOMED:100", 0.9)
    assert first.reasons[0] == "same words in the name; pneumonai read as pneumonia"
    assert asked(con, Term("zzzzz")) == []
    # of two that are as near the first of the alphabet
    assert [one.concept for one in asked(con, Term("zorgonc"))] == ["SNOMED:500"]


def test_the_answers_are_in_the_order_of_the_terms(con: duckdb.DuckDBPyConnection) -> None:
    terms = [Term("gout"), Term("nothing alike"), Term("pneumonia"), Term("gout")]
    found = suggest(con, terms, sites=[], limit=1)
    assert [[one.concept for one in answers] for answers in found] == [
        ["SNOMED:201"],
        [],
        ["SNOMED:100"],
        ["SNOMED:201"],
    ]


def test_the_word_lists_weigh_as_they_say(con: duckdb.DuckDBPyConnection) -> None:
    """A word of weight 0 changes nothing; a rare word counts more than a frequent one."""
    plain = score(asked(con, Term("pain knee")), "SNOMED:302")
    assert score(asked(con, Term("the pain of a knee")), "SNOMED:302") == plain == 0.9
    found = asked(con, Term("filler alpha"))
    assert found[0].concept == "SNOMED:90"
    assert found[0].score > score(found, "SNOMED:91")
