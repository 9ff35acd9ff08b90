"""Whether the UIDs of a project are public: what was set, else what all its mappings say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.store import Store
from harmonize.mapping.compiler.compile import load_mapping
from harmonize.pipeline.project import ensure_project, find_project, set_project

PUBLIC = {"uids": "public"}


def _load(store: Store, *defaults: dict[str, Any]) -> list[str | None]:
    """What the project says after each load by a mapping with such defaults."""
    said = []
    for number, default in enumerate(defaults, start=1):
        store.con.execute(
            "INSERT INTO harmonize.submission VALUES (?, 'P', 'x', 'm', 'v', 'upsert', 'loaded', ?, 'v', NULL, NULL)",
            [number, datetime(2026, 1, 1)],
        )
        said.append(ensure_project(store.con, "P", default).uids)
    return said


@pytest.mark.parametrize(("defaults", "said"), [
    ([{}], ["remap"]),
    ([PUBLIC, PUBLIC], ["public", "public"]),
    # any other mapping may bring UIDs that nobody has published, before or after
    ([PUBLIC, {}, PUBLIC], ["public", "remap", "remap"]),
    ([{}, PUBLIC], ["remap", "remap"]),
    ([{**PUBLIC, "project_id": "Q"}], ["remap"]),
    ([{**PUBLIC, "project_id": "P"}], ["public"]),
])  # fmt: skip
def test_the_default_of_all_mappings(new_store: Store, defaults: list[dict[str, Any]], said: list[str]) -> None:
    assert _load(new_store, *defaults) == said


@pytest.mark.parametrize("choice", ["public", "remap"])
def test_what_is_set_stays(new_store: Store, choice: str) -> None:
    set_project(new_store, "P", uids=choice)
    assert _load(new_store, {}, PUBLIC) == [choice, choice]
    with pytest.raises(InputError, match="no choice for uids"):
        set_project(new_store, "P", uids="secret")


def test_a_store_without_the_column(new_store: Store) -> None:
    """Stores of an earlier release have neither the columns nor a load that says so."""
    con = new_store.con
    con.execute("ALTER TABLE harmonize.project DROP COLUMN uids; ALTER TABLE harmonize.project DROP COLUMN uids_basis")
    con.execute("INSERT INTO harmonize.project BY NAME SELECT 'P' AS project_id, 'as_is' AS time_policy")
    found = find_project(con, "P")
    assert found is not None
    assert (found.time_policy, found.uids) == ("as_is", None)
    con.execute(
        "INSERT INTO harmonize.submission "
        "VALUES (0, 'P', 'x', 'm', 'v', 'upsert', 'loaded', TIMESTAMP '2025-01-01', 'v', NULL, NULL)"
    )
    assert _load(new_store, PUBLIC) == ["remap"]


@pytest.mark.parametrize("mapping", ["dicom/idc", "ricord", "ehr/covid_19_ny_sbu"])
def test_mappings_of_published_images_say_so(mapping: str) -> None:
    assert load_mapping(mapping).project["uids"] == "public"


def test_other_mappings_do_not(new_store: Store) -> None:
    assert [
        name for name in ("fhir", "gen3/batch", "cirr", "dicom/headers") if "uids" in load_mapping(name).project
    ] == []
