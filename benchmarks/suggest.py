"""How often the right concept is suggested first, or among five: what sites were mapped to, each held back, and truth
tables of ICD-10-CM and SNOMED codes; and what a call takes beside as many concepts as a full download has."""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from harmonize.engine.paths import root
from harmonize.engine.store import open_store
from harmonize.mapping.compiler.compile import mappings
from harmonize.pipeline.acts.vocabulary import load_vocabulary
from harmonize.pipeline.store_schema import create
from harmonize.vocabulary.name_index import make_index
from harmonize.vocabulary.resolve import find_sources
from harmonize.vocabulary.sssom import NO_TERM, read_sssom
from harmonize.vocabulary.suggest import Suggestion, Term, site_names, suggest

SHARED = Path(os.environ.get("HARMONIZE_SHARED") or Path(__file__).parents[2] / "shared" / "data")
# Names of about seven of 150,000 words, few of them frequent; a third of the concepts map to the next.
_INVENTED = """
    SELECT setseed(0.3);
    CREATE TEMP TABLE invented AS
    SELECT c.range AS number, string_agg('w' || floor(150000 * power(random(), 3))::INTEGER, ' ') AS name
    FROM range(1500000) AS c, range(7) GROUP BY c.range;
    INSERT INTO omop.concept BY NAME
    SELECT 100000000 + number AS concept_id, name AS concept_name, 'Drug' AS domain_id, 'RxNorm' AS vocabulary_id,
        'Clinical Drug' AS concept_class_id, CASE WHEN number % 3 <> 0 THEN 'S' END AS standard_concept,
        'OMOP' || number AS concept_code, DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date
    FROM invented;
    INSERT INTO omop.concept_relationship BY NAME
    SELECT 100000000 + number AS concept_id_1, 100000001 + number AS concept_id_2, 'Maps to' AS relationship_id,
        DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date
    FROM invented WHERE number % 3 = 0
"""
Hits = list[tuple[str | int, list[Suggestion]]]


def measure(folder: Path) -> dict[str, float]:
    """recall@1 and recall@5, and milliseconds a term; truth tables only where the shared data are."""
    with open_store(folder / "suggest.duckdb", create=True, initialise=create) as store:
        if SHARED.is_dir():
            load_vocabulary(store, SHARED / "athena")
        found = {"held_back_sites": _held_back(store.con)}
        if SHARED.is_dir():
            truth = SHARED / "omop"
            found["icd10cm_names"] = _names(store.con, truth / "icd10cm_to_snomed_truth.csv")
            found["codes"] = _codes(store.con, truth / "synthea_code_to_concept_truth.csv")
            started = time.perf_counter()
            suggest(store.con, [Term(suggestions[0].name or "") for _, suggestions in found["codes"] if suggestions])
            seconds = time.perf_counter() - started
    numbers: dict[str, float] = {}
    for name, hits in found.items():
        numbers[f"{name}_terms"] = len(hits)
        for depth in (1, 5):
            numbers[f"{name}_recall_at_{depth}"] = _recall(hits, depth)
    if SHARED.is_dir():
        numbers["ms_a_term"] = 1000 * seconds / len(found["codes"])
    return numbers | _full_size(folder)


def _full_size(folder: Path) -> dict[str, float]:
    """The word index of an invented vocabulary: what making it takes, how large it is, a call for five values."""
    path = folder / "full_size.duckdb"
    with open_store(path, create=True, initialise=create) as store:
        store.con.execute(_INVENTED)
        store.con.execute("CHECKPOINT")
        before, started = path.stat().st_size, time.perf_counter()
        with store.transaction() as con:
            make_index(con)
        made = time.perf_counter() - started
        store.con.execute("CHECKPOINT")
        numbers = {
            "full_size_names": float(_one(store.con, "SELECT count(*) FROM harmonize.suggest_name")),
            "full_size_index_seconds": made,
            "full_size_index_mb": (path.stat().st_size - before) / 1e6,
        }
    with open_store(path, read_only=True) as store:
        started = time.perf_counter()
        suggest(store.con, [Term(value) for value in ("pulm htn", "female", "J18.9", "w17 w23 w4", "body temp")])
        return numbers | {"full_size_seconds_of_5_values": time.perf_counter() - started}


def _one(con: DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0


def _recall(hits: Hits, depth: int) -> float:
    right = sum(
        any(truth in (suggestion.concept, suggestion.concept_id) for suggestion in suggestions[:depth])
        for truth, suggestions in hits
    )
    return right / max(1, len(hits))


def _held_back(con: DuckDBPyConnection) -> Hits:
    """Each mapping's own value sets, looked for without them; of concepts that the vocabulary or another site has."""
    hits: Hits = []
    for name in mappings():
        others = site_names(without=name)
        objects = {site[2] for site in others}
        pairs = {
            (row["subject_label"], row["object_id"])
            for path in sorted((root("mappings") / name).glob("*.sssom.tsv"))
            for row in read_sssom(path).rows
            if row["subject_label"] and row["predicate_id"] == "skos:exactMatch" and row["object_id"] != NO_TERM
        }
        con.execute("CREATE OR REPLACE TEMP TABLE truth_object (coding VARCHAR)")
        con.executemany("INSERT INTO truth_object VALUES (?)", [[pair[1]] for pair in sorted(pairs)] or [[None]])
        find_sources(con, "truth_object")
        rows = con.execute("SELECT coding, coalesce(curie, coding), concept_id FROM coding_source").fetchall()
        known = {coding: _spelled(curie) for coding, curie, concept_id in rows if concept_id or coding in objects}
        asked = sorted((label, known[coding]) for label, coding in pairs if coding in known)
        found = suggest(con, [Term(label) for label, _ in asked], sites=others) if asked else []
        hits += [(truth, suggestions) for (_, truth), suggestions in zip(asked, found, strict=True)]
    return hits


def _spelled(curie: str) -> str:
    """A CURIE with the blanks of its vocabulary as suggestions write them."""
    vocabulary, colon, code = curie.partition(":")
    return vocabulary.replace(" ", "_") + colon + code


def _names(con: DuckDBPyConnection, path: Path) -> Hits:
    """Titles of ICD-10-CM codes; of standard conditions that the vocabulary has, codes that it maps left out."""
    from simple_icd_10_cm import get_description, is_valid_item

    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["target_concept_id"].isdigit()]
    titles = {
        (get_description(row["icd10cm_code"]), int(row["target_concept_id"]))
        for row in rows
        if is_valid_item(row["icd10cm_code"])
    }
    con.execute("CREATE OR REPLACE TEMP TABLE truth (value VARCHAR, truth INTEGER)")
    con.executemany("INSERT INTO truth VALUES (?, ?)", [list(pair) for pair in sorted(titles)])
    return _ask(
        con,
        "SELECT value, 'Condition', truth FROM truth JOIN omop.concept AS c ON c.concept_id = truth"
        " AND c.standard_concept = 'S' AND c.domain_id = 'Condition' WHERE lower(value) NOT IN"
        " (SELECT lower(m.concept_name) FROM omop.concept AS m JOIN omop.concept_relationship AS r"
        " ON r.concept_id_1 = m.concept_id AND r.relationship_id = 'Maps to' WHERE m.vocabulary_id = 'ICD10CM')"
        " ORDER BY ALL",
    )


def _codes(con: DuckDBPyConnection, path: Path) -> Hits:
    """Codes without their vocabulary."""
    return _asked(
        con,
        path,
        "SELECT DISTINCT t.code AS value, NULL::VARCHAR AS domain, t.concept_id::INTEGER AS truth FROM truth AS t"
        " JOIN omop.concept AS o ON o.concept_id = t.concept_id::INTEGER WHERE t.concept_id::INTEGER <> 0 ORDER BY ALL",
    )


def _asked(con: DuckDBPyConnection, path: Path, query: str) -> Hits:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    columns: Sequence[list[str]] = [list(column) for column in zip(*rows, strict=True)]
    names = ", ".join(f"unnest(?) AS {name}" for name in header)
    con.execute(f"CREATE OR REPLACE TEMP TABLE truth AS SELECT {names}", columns)
    return _ask(con, query)


def _ask(con: DuckDBPyConnection, query: str) -> Hits:
    asked = con.execute(query).fetchall()
    found = suggest(con, [Term(value, domain) for value, domain, _ in asked])
    return [(truth, suggestions) for (_, _, truth), suggestions in zip(asked, found, strict=True)]
