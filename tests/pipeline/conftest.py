"""Stores for the pipeline's tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hospital import Hospital
from same_database import PROJECT

from harmonize.engine.store import Store, open_store
from harmonize.pipeline.acts.vocabulary import load_vocabulary
from harmonize.pipeline.load import load
from harmonize.pipeline.store_schema import create


@pytest.fixture
def hospital(new_store: Store, tmp_path: Path) -> Hospital:
    """An empty store and a folder for the files of an invented hospital."""
    return Hospital(new_store, tmp_path)


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
