"""A dataset in shards is what one store is, row by row and line by line; and it changes as a whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pytest
from one_and_many import contents, differences
from shared_export import PROJECT, bundles, delivery

from harmonize.cluster import load as cluster_load
from harmonize.cluster.layout import find_manifest
from harmonize.cluster.load import DatasetLoad, load_dataset
from harmonize.cluster.local import LocalEngine
from harmonize.cluster.place import groups, hashed
from harmonize.cluster.stage import Asked
from harmonize.engine.dataset import views_of
from harmonize.engine.errors import InputError
from harmonize.pipeline.inspect import lineage
from harmonize.pipeline.load import load
from harmonize.pipeline.stores import open_current


class InThisProcess:
    """Tasks one after the other, the first twice: a task that ended before its result arrived is run again."""

    def run(self, function: str, tasks: Sequence[Any]) -> Iterator[Any]:
        module, _, name = function.partition(":")
        call = getattr(import_module(module), name)
        call(tasks[0])
        for task in tasks:
            yield call(task)


def into(out: Path, paths: Path, shards: int | None = None, engine: Any = None) -> DatasetLoad:
    return load_dataset(out, [paths], asked=Asked("fhir", PROJECT), engine=engine or InThisProcess(), shards=shards)


def ids(path: Path) -> dict[tuple[str, str], int]:
    """(table, key of the row) → id."""
    file, settings = views_of(path)
    with duckdb.connect(str(file), read_only=True, config=settings) as con:
        rows = con.execute("SELECT omop_table::VARCHAR, row_key::VARCHAR, omop_id FROM harmonize.row_id").fetchall()
    return {(table, key): number for table, key, number in rows}


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("deliveries")
    return delivery(folder / "first", 0, 5), delivery(folder / "second", 3, 7, changed=True)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory, deliveries: tuple[Path, Path]) -> list[dict[str, Any]]:
    """What one store holds after the first delivery, and after both."""
    file = tmp_path_factory.mktemp("one") / "one.duckdb"
    found = []
    for paths in deliveries:
        with open_current(file, create=True) as store:
            load(store, [paths], source="fhir", project=PROJECT)
        found.append(contents(file))
    return found


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory, deliveries: tuple[Path, Path]) -> Path:
    out = tmp_path_factory.mktemp("many") / "out"
    into(out, deliveries[0], 3)
    return out


def test_three_shards_are_one_store(stores: list[dict[str, Any]], dataset: Path) -> None:
    many = contents(dataset)
    assert many["finding"].total() > 10
    rules = {told.split("'")[1] for told in many["finding"]}
    assert {"fhir_missing_targets", "broken_json", "us_core_missing"} <= rules
    assert many["omop.provider"].total() == 2
    assert differences(stores[0], many) == {}


def test_patients_are_in_several_shards_and_what_they_share_has_one_id(dataset: Path) -> None:
    numbers = ids(dataset)
    assert len({number >> 33 for (table, _), number in numbers.items() if table == "person"}) == 3
    assert max(number for (table, _), number in numbers.items() if table == "provider") < 10
    assert max(numbers.values()) < 1 << 53


def test_one_shard_in_another_process_is_one_store(
    stores: list[dict[str, Any]], deliveries: tuple[Path, Path], tmp_path: Path
) -> None:
    done = into(tmp_path / "out", deliveries[0], 1, LocalEngine(1))
    assert (done.shards, done.touched) == (1, 1)
    assert differences(stores[0], contents(tmp_path / "out")) == {}


def test_bundles_are_one_store(tmp_path: Path) -> None:
    paths = bundles(tmp_path / "bundles", 3)
    with open_current(tmp_path / "one.duckdb", create=True) as store:
        load(store, [paths], source="fhir", project=PROJECT)
    into(tmp_path / "out", paths, 2)
    one = contents(tmp_path / "one.duckdb")
    assert one["omop.person"].total() == 3
    assert differences(one, contents(tmp_path / "out")) == {}


def test_the_ledger_tells_the_line_that_was_sent(dataset: Path, deliveries: tuple[Path, Path]) -> None:
    with open_current(dataset, read_only=True) as store:
        (number,) = store.con.execute(
            "SELECT omop_id FROM harmonize.lineage WHERE record_key = 'c4' AND omop_table = 'condition_occurrence'"
        ).fetchone() or (0,)
        (row,) = lineage(store.con, "condition_occurrence", number)
    line = (deliveries[0] / row["file"]).read_text().split("\n")[row["line"] - 1]
    assert json.loads(line)["id"] == "c4"


def test_a_second_delivery_keeps_ids_and_a_load_that_ends_early_changes_nothing(
    stores: list[dict[str, Any]],
    dataset: Path,
    deliveries: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, former, known = contents(dataset), find_manifest(dataset), ids(dataset)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cluster_load, "commit", killed)
    with pytest.raises(KeyboardInterrupt):
        into(dataset, deliveries[1])
    assert find_manifest(dataset) == former
    assert contents(dataset) == before
    monkeypatch.undo()
    into(dataset, deliveries[1])
    assert differences(stores[1], contents(dataset)) == {}
    now = ids(dataset)
    assert len(known.keys() & now.keys()) > 30
    assert {key: now[key] for key in known.keys() & now.keys()} == {
        key: known[key] for key in known.keys() & now.keys()
    }
    manifest = find_manifest(dataset)
    assert manifest is not None
    assert former is not None
    there = {path.relative_to(dataset).as_posix() for path in (dataset / "stores").iterdir()}
    assert there == {file for file in manifest.files() | former.files() if file.startswith("stores/")}


def test_what_cannot_be_placed_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    entry = {"fullUrl": "https://a.org/fhir/Patient/p1", "request": {"method": "DELETE", "url": "Patient/p1"}}
    (folder / "b.json").write_text(json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": [entry]}))
    with pytest.raises(InputError, match="deletes resources"):
        into(tmp_path / "out", folder)
    assert find_manifest(tmp_path / "out") is None
    with pytest.raises(InputError, match="loaded into one store"):
        load_dataset(tmp_path / "out", [folder], asked=Asked("cirr", PROJECT), engine=InThisProcess())


def test_the_number_of_shards_stays_and_a_delta_explains_its_references(
    dataset: Path, deliveries: tuple[Path, Path], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="has 3 shards"):
        into(dataset, deliveries[0], 4)
    lost = {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"}}
    for reference in ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "Patient?identifier=a|1"):
        file = tmp_path / "delta.ndjson"
        file.write_text(json.dumps(lost | {"subject": {"reference": reference}}) + "\n")
        with pytest.raises(InputError, match="resources of former deliveries"):
            into(dataset, file)


def test_patients_are_placed_together_for_good() -> None:
    assert sorted(map(sorted, groups([["a", "b"], ["c", "d"], ["b", "e"]]))) == [["a", "b", "e"], ["c", "d"]]
    assert hashed("P", "p1", 1 << 20) != hashed("Q", "p1", 1 << 20)
    assert {hashed("P", f"p{n}", 4) for n in range(60)} == {1, 2, 3, 4}
