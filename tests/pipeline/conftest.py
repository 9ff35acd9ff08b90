"""Stores for the pipeline's tests, and the comparison that "the same database" means."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from harmonize.engine.store import Store, open_store
from harmonize.pipeline.load import load
from harmonize.pipeline.store_schema import create
from harmonize.pipeline.vocabulary import load_vocabulary

PROJECT = "TCIA-COVID-19-NY-SBU"


def snapshot(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of omop, midrc, linked, row_id and row_source, sorted: two equal snapshots are the same database."""
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute(
            "SELECT table_schema || '.\"' || table_name || '\"' FROM information_schema.tables "
            "WHERE table_schema IN ('omop', 'midrc', 'linked') "
            "OR table_schema = 'harmonize' AND table_name IN ('row_id', 'row_source') ORDER BY 1"
        ).fetchall()
        return {name: sorted(con.execute(f"FROM {name}").fetchall(), key=repr) for (name,) in tables}


def differences(
    before: dict[str, list[tuple[object, ...]]], after: dict[str, list[tuple[object, ...]]]
) -> dict[str, int]:
    """Table → rows that are in only one of the two."""
    found = {}
    for name in before.keys() | after.keys():
        left, right = before.get(name, []), after.get(name, [])
        if left != right:
            found[name] = len(set(map(repr, left)) ^ set(map(repr, right)))
    return found


@pytest.fixture
def new_store(tmp_path: Path) -> Iterator[Store]:
    """An empty store with the starter vocabulary."""
    with open_store(tmp_path / "store.duckdb", create=True, initialise=create) as store:
        yield store


@pytest.fixture(scope="session")
def ny_sbu_clinical(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with athena and the clinical table of COVID-19-NY-SBU."""
    path = tmp_path_factory.mktemp("ny_sbu") / "clinical.duckdb"
    with open_store(path, create=True, initialise=create) as store:
        load_vocabulary(store, shared / "athena")
        load(
            store,
            [shared / "ehr_covid_19_ny_sbu" / "clinical.csv"],
            source="ehr",
            mapping="covid_19_ny_sbu",
            project=PROJECT,
        )
    return path


@pytest.fixture(scope="session")
def ny_sbu(shared: Path, ny_sbu_clinical: Path) -> Path:
    """The same with its images."""
    path = ny_sbu_clinical.with_name("imaging.duckdb")
    shutil.copy(ny_sbu_clinical, path)
    with open_store(path) as store:
        load(
            store,
            [shared / "imaging" / "idc_covid_series.parquet"],
            source="idc",
            project=PROJECT,
            collections=["covid_19_ny_sbu"],
        )
    return path


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    """A private copy of a store."""

    def copied(path: Path) -> Path:
        return Path(shutil.copy(path, tmp_path / path.name))

    return copied
