"""What vocabulary a store holds: release, layers, what the starter had to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def status(con: DuckDBPyConnection) -> dict[str, Any]:
    """The state of the vocabulary, JSON-ready; changes nothing.

    Keys: version (release of the OMOP vocabularies, None if not stated), source and loaded_at of the last
    load (None in a store without one), layers (concepts by layer), starter_in_use (rows that the download
    lacks, as CURIE and name; without a download there is nothing to lack, the list is empty), custom
    (custom concepts by vocabulary), vocabularies (vocabulary_id, version, concepts).
    """
    if not _has_layers(con):
        return {
            "version": None,
            "source": None,
            "loaded_at": None,
            "layers": {},
            "starter_in_use": [],
            "custom": {},
            "vocabularies": [],
        }
    load = con.execute(
        "SELECT version, source, loaded_at::VARCHAR FROM harmonize.vocabulary_load ORDER BY loaded_at DESC LIMIT 1"
    ).fetchone() or (None, None, None)
    layers = dict(con.execute("SELECT layer, count(*) FROM harmonize.concept_layer GROUP BY ALL").fetchall())
    return {
        "version": load[0],
        "source": load[1],
        "loaded_at": load[2],
        "layers": {name: layers.get(name, 0) for name in ("download", "starter", "custom")},
        "starter_in_use": _starter_in_use(con) if layers.get("download") else [],
        "custom": dict(
            con.execute(
                "SELECT vocabulary_id, count(*) FROM omop.concept "
                "SEMI JOIN (FROM harmonize.concept_layer WHERE layer = 'custom') USING (concept_id) "
                "GROUP BY vocabulary_id ORDER BY vocabulary_id"
            ).fetchall()
        ),
        "vocabularies": [
            {"vocabulary_id": name, "version": version, "concepts": concepts}
            for name, version, concepts in con.execute(
                "SELECT v.vocabulary_id, v.vocabulary_version, count(c.concept_id) FROM omop.vocabulary AS v "
                "LEFT JOIN omop.concept AS c USING (vocabulary_id) GROUP BY ALL ORDER BY v.vocabulary_id"
            ).fetchall()
        ],
    }


def _starter_in_use(con: DuckDBPyConnection) -> list[dict[str, str]]:
    rows = con.execute(
        "SELECT vocabulary_id || ':' || concept_code, concept_name FROM omop.concept "
        "SEMI JOIN (FROM harmonize.concept_layer WHERE layer = 'starter') USING (concept_id) ORDER BY ALL"
    ).fetchall()
    return [{"concept": curie, "name": name} for curie, name in rows]


def _has_layers(con: DuckDBPyConnection) -> bool:
    found = con.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database() "
        "AND schema_name = 'harmonize' AND table_name IN ('concept_layer', 'vocabulary_load')"
    ).fetchone()
    return found is not None and found[0] == 2
