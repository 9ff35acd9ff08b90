"""Finding concepts, and what the status says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from athena_files import concept

from harmonize.engine.errors import InputError
from harmonize.vocabulary.load import ensure_vocabulary, load_download
from harmonize.vocabulary.search import search
from harmonize.vocabulary.status import status

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection


@pytest.fixture
def loaded(con: DuckDBPyConnection, download: Callable[..., Path]) -> DuckDBPyConnection:
    folder = download(
        [
            concept(101, "100", "Asthma"),
            concept(102, "asthma", "A code that reads like a name", vocabulary="Local"),
            concept(103, "103", "Asthma, severe"),
            concept(104, "104", "Severe bronchial asthma", domain="Observation"),
            concept(105, "105", "Asthma", standard=""),
            concept(106, "106", "Wheezing disease"),
        ]
    )
    (folder / "CONCEPT_SYNONYM.csv").write_text(
        "concept_id\tconcept_synonym_name\tlanguage_concept_id\n106\tSevere form of asthma\t4180186\n"
    )
    load_download(con, folder)
    return con


def found(con: DuckDBPyConnection, term: str, **options: Any) -> list[int]:
    return [row["concept_id"] for row in search(con, term, **options)]


def test_best_fit_comes_first(loaded: DuckDBPyConnection) -> None:
    assert found(loaded, "asthma") == [102, 101, 105, 103, 104, 106]
    assert found(loaded, "  ASTHMA   severe ") == [103, 104, 106]
    assert found(loaded, "SNOMED:103") == [103]


def test_filters_and_limit(loaded: DuckDBPyConnection) -> None:
    assert found(loaded, "asthma", limit=2) == [102, 101]
    assert found(loaded, "asthma", domain="observation") == [104]
    assert found(loaded, "asthma", vocabulary="Local") == [102]
    assert 105 not in found(loaded, "asthma", standard_only=True)
    assert found(loaded, "nothing at all") == []


def test_unknown_filters_are_told(loaded: DuckDBPyConnection) -> None:
    with pytest.raises(InputError, match="no domain 'Conditon'") as told:
        search(loaded, "asthma", domain="Conditon")
    assert told.value.hint == "Did you mean 'Condition'?"
    with pytest.raises(InputError, match="nothing to search for"):
        search(loaded, "  ")


def test_layer_is_shown(loaded: DuckDBPyConnection) -> None:
    assert search(loaded, "Gender:F")[0]["layer"] == "starter"
    assert search(loaded, "Asthma", vocabulary="Local")[0]["layer"] == "download"


def test_status_of_a_download(loaded: DuckDBPyConnection) -> None:
    report = status(loaded)
    assert report["layers"]["download"] == 6
    assert report["layers"]["starter"] == len(report["starter_in_use"])
    assert {"concept": "Gender:F", "name": "FEMALE"} in report["starter_in_use"]
    assert {"vocabulary_id": "Local", "version": None, "concepts": 1} in report["vocabularies"]


def test_status_without_download(con: DuckDBPyConnection) -> None:
    ensure_vocabulary(con)
    report = status(con)
    assert report["source"] == "starter"
    assert report["layers"] == {"download": 0, "starter": report["layers"]["starter"], "custom": 0}
    assert report["starter_in_use"] == []


def test_status_of_a_file_without_vocabulary() -> None:
    with duckdb.connect() as con:
        assert status(con)["layers"] == {}
