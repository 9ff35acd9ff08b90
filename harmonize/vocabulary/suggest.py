"""Suggest standard concepts for source values, best first, with the reasons; offline, over the vocabulary loaded.

A value is compared with codes, with names and synonyms (by words: order, plurals, spelling and abbreviations aside),
and with what the value sets of other sites say of the same words. The lists are data: mappings/vocabulary/
abbreviations.tsv, word_forms.tsv, unit_words.tsv, suggest_words.tsv and empty_words.tsv. Yes and No, numbers and dates
are no names of anything: nothing is suggested for them.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import root, sql
from harmonize.vocabulary.name_index import index_schema, read_word_lists
from harmonize.vocabulary.resolve import find_sources
from harmonize.vocabulary.sssom import read_sssom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

_RARE_WORDS = 3
_LEAST_LIKENESS = 0.35
_DOMAINS = {
    "condition_occurrence": "Condition",
    "drug_exposure": "Drug",
    "measurement": "Measurement",
    "procedure_occurrence": "Procedure",
    "device_exposure": "Device",
    "visit_occurrence": "Visit",
}
_ANSWERS = frozenset({"yes", "no", "y", "n", "true", "false", "t", "f"})
_NUMBER = re.compile(r"[<>=~≤≥+-]*\s*[0-9][0-9.,]*\s*%?(?:\s*[-/]\s*[0-9][0-9.,]*)?")
_CODE = re.compile(r"[0-9]{6,18}|[0-9]{3,7}-[0-9]")
"""So many digits alone may be a code, such as those of SNOMED; with a check digit, one of LOINC."""
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ][0-9:. apmAPMZ+-]*)?"
    r"|[0-9]{1,2}[- ][A-Za-z]{3,9}[-, ]+[0-9]{2,4}|[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{4}"
)
_NEGATIONS = ["not", "no", "non", "without", "never", "negative"]


@dataclass(frozen=True)
class Term:
    """A source value that is looked for: a text or a code. `domain` is the OMOP domain that it must have, `likely` one
    that it should have, `unit` the unit of a result as the source writes it, `vocabulary` the code system of a code,
    `site` the mapping that the value is of, whose own value set is not asked."""

    value: str
    domain: str | None = None
    unit: str | None = None
    vocabulary: str | None = None
    likely: str | None = None
    site: str | None = None

    @property
    def is_name(self) -> bool:
        """Whether it may name a thing: no Yes or No, no number, no date; a code is known by its system or length."""
        text = self.value.strip()
        if self.vocabulary is not None:
            return bool(text)
        if text.lower() in _ANSWERS or _DATE.fullmatch(text):
            return False
        return not _NUMBER.fullmatch(text) or bool(_CODE.fullmatch(text))


@dataclass(frozen=True)
class Suggestion:
    """A concept for a term. `concept` is vocabulary:code, or sssom:NoTermFound where sites say that none fits;
    `concept_id`, `name` and `domain` are None where the loaded vocabulary lacks it. `score` is at most 1.
    `exact`: it says neither more nor less than the term, as far as words tell."""

    concept: str
    score: float
    reasons: tuple[str, ...]
    concept_id: int | None = None
    name: str | None = None
    domain: str | None = None
    exact: bool = False

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return asdict(self)


Site = tuple[str, str, str]
"""What a site calls a concept: the mapping's name, the label, the concept as vocabulary:code."""


def site_names(without: str | None = None) -> list[Site]:
    """What the value sets of the shipped mappings call which concept, those of the mapping `without` left out."""
    folder = root("mappings")
    found: dict[Site, None] = {}
    for path in sorted(folder.rglob("*.sssom.tsv")):
        name = path.parent.relative_to(folder).as_posix()
        if name == without or name.startswith("consortia"):
            continue
        for row in read_sssom(path).rows:
            if row["predicate_modifier"] != "Not" and row["predicate_id"] in ("skos:exactMatch", "skos:closeMatch"):
                value = row["subject_id"].partition("#")[2]
                for label in {row["subject_label"] or value, value} - {""}:
                    found[(name, label, row["object_id"])] = None
    return list(found)


def mappings_shipped() -> list[str]:
    """The names of the shipped mappings that have value sets."""
    folder = root("mappings")
    return sorted({path.parent.relative_to(folder).as_posix() for path in folder.rglob("*.sssom.tsv")})


def domain_of(table: str, column: str) -> str | None:
    """The domain that the concepts of a column of OMOP have, None where they may have several."""
    if column.startswith("unit_"):
        return "Unit"
    if column.startswith(("value_as_", "qualifier_", "discharged_", "admitted_")):
        return None
    return _DOMAINS.get(table)


def suggest(
    con: DuckDBPyConnection, terms: Sequence[Term], *, limit: int = 5, sites: Sequence[Site] | None = None
) -> list[list[Suggestion]]:
    """At most `limit` concepts for each term, in the order of the terms.

    `con` is a store (it may be read-only); `sites` are the names that sites use, those of the shipped mappings and of
    the mappings in the store unless given. Raises InputError for a domain that the vocabulary does not know.
    """
    _check_domains(con, terms)
    named = [(number, term) for number, term in enumerate(terms) if term.is_name]
    found: list[list[Suggestion]] = [[] for _ in terms]
    if not named:
        return found
    schema = index_schema(con)
    _read_lists(con)
    known = _sites(con) if sites is None else sites
    for site in dict.fromkeys(term.site for _, term in named):
        asked = [(number, term) for number, term in named if term.site == site]
        _suggest(con, asked, schema, [row for row in known if row[0] != site], limit, found)
    return found


def _sites(con: DuckDBPyConnection) -> list[Site]:
    """What the shipped mappings and those of the store call which concept."""
    found = site_names()
    # A published file has no value sets.
    if con.execute("FROM duckdb_tables() WHERE table_name = 'value_set'").fetchone():
        found += con.execute(
            "SELECT mapping, label, object FROM harmonize.value_set"
            " WHERE predicate IN ('skos:exactMatch', 'skos:closeMatch') AND NOT list_contains(?, mapping)"
            " ORDER BY ALL",
            [mappings_shipped()],
        ).fetchall()
    return found


def own_mapping(con: DuckDBPyConnection, vocabulary: str | None = None) -> str | None:
    """The mapping of the store, beside the shipped ones, whose value set translates the vocabulary; without a
    vocabulary the only one that there is. None where there is no such mapping, or more than one."""
    if not con.execute("FROM duckdb_tables() WHERE table_name = 'value_set'").fetchone():
        return None
    rows = con.execute(
        "SELECT DISTINCT mapping FROM harmonize.value_set"
        " WHERE $vocabulary IS NULL AND NOT list_contains($shipped, mapping) OR vocabulary_id = $vocabulary",
        {"vocabulary": vocabulary, "shipped": mappings_shipped()},
    ).fetchall()
    return str(rows[0][0]) if len(rows) == 1 else None


def _suggest(
    con: DuckDBPyConnection,
    terms: Sequence[tuple[int, Term]],
    schema: str,
    sites: Sequence[Site],
    limit: int,
    found: list[list[Suggestion]],
) -> None:
    """Add the suggestions for the numbered terms of one site to `found`."""
    _insert(
        con,
        "suggest_term",
        "term_id INTEGER, value VARCHAR, domain VARCHAR, likely VARCHAR, unit VARCHAR, vocabulary VARCHAR",
        [(n, term.value, term.domain, term.likely, term.unit, term.vocabulary) for n, term in terms],
    )
    _insert(con, "suggest_site", "site VARCHAR, label VARCHAR, object VARCHAR", sites)
    # A unit may be a spelling of one of UCUM's codes (10^9/L, µg/L).
    con.execute(sql("vocabulary/suggest/object"))
    find_sources(con, "suggest_object")
    con.execute(sql("vocabulary/suggest/names").format(schema=schema))
    con.execute("SET VARIABLE suggest_negations = ?", [_NEGATIONS])
    con.execute(sql("vocabulary/suggest/words"))
    rows = con.execute(
        sql("vocabulary/suggest/ranked"), {"limit": limit, "rare": _RARE_WORDS, "least": _LEAST_LIKENESS}
    ).fetchall()
    for term_id, _rank, concept, concept_id, name, domain, score, exact, reasons in rows:
        found[term_id].append(Suggestion(concept, score, tuple(reasons), concept_id, name, domain, exact))


def _check_domains(con: DuckDBPyConnection, terms: Sequence[Term]) -> None:
    known = [row[0] for row in con.execute("SELECT domain_id FROM omop.domain").fetchall()]
    for term in terms:
        if term.domain is not None and term.domain not in known:
            raise InputError(f"The vocabulary knows no domain {term.domain!r}.", did_you_mean(term.domain, known))


def _read_lists(con: DuckDBPyConnection) -> None:
    read_word_lists(con)
    for table, file, columns in (
        ("suggest_unit", "unit_words", "pattern, words, property"),
        ("suggest_empty", "empty_words", "word, coalesce(domain, '') AS domain"),
        (
            "suggest_abbreviation",
            "abbreviations",
            "abbreviation, expansion, row_number() OVER (PARTITION BY abbreviation ORDER BY line) AS choice",
        ),
    ):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM (SELECT *, row_number() OVER () AS line"
            " FROM read_csv(?, delim = '\t', quote = '', escape = '', header = true, all_varchar = true))",
            [str(root("mappings") / "vocabulary" / f"{file}.tsv")],
        )


def _insert(con: DuckDBPyConnection, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
    if rows:
        unnested = ", ".join("unnest(?)" for _ in rows[0])
        con.execute(f"INSERT INTO {table} SELECT {unnested}", [list(column) for column in zip(*rows, strict=True)])
