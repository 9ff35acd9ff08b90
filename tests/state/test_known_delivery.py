"""A delivery that comes again is told, file by file and record by record, as if it had been read again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import golden_inputs
import mdai_export
import pytest
from fhir_export import patients, write_ndjson
from stores import copied, copied_for_example

from harmonize.engine.store import Store
from harmonize.pipeline import load as loading
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult
from harmonize.pipeline.project import set_project

NOT_READ = "they were not read again"
OF_THE_MOMENT = ("audit_entry", "submission_step", "checked_delivery", "store_key")
"""Tables that say when something was done, or by a random key."""


def _gen3(folder: Path) -> list[Path]:
    files = golden_inputs.tables("gen3/batch", part=2)
    golden_inputs.at_the_bounds("gen3/batch", files, 12)
    return golden_inputs.write(folder, files, ".tsv", "\t", "_RSNA_20230303")


def _site(folder: Path) -> list[Path]:
    files = golden_inputs.tables("ehr/site_419639")
    golden_inputs.at_the_bounds("ehr/site_419639", files)
    paths = golden_inputs.write(folder, files)
    for path in paths:  # a line that breaks the file's form
        path.write_text(path.read_text(encoding="utf-8") + "a,b\n", encoding="utf-8")
    return paths


def _cirr(folder: Path) -> list[Path]:
    files = golden_inputs.tables("cirr")
    golden_inputs.at_the_bounds("cirr", files, 5)
    return golden_inputs.write(folder, files)


def _fhir(folder: Path) -> list[Path]:
    """Cases of every kind, a line that is no JSON, an unknown type, names of people."""
    folder.mkdir()
    lines = golden_inputs.resources(part=5)
    path = folder / "cases.ndjson"
    more = ['{"resourceType": "Patient", "id":', '{"resourceType": "Nothing", "id": "n"}']
    path.write_text("\n".join([*lines, *more]) + "\n", encoding="utf-8")
    people = write_ndjson(folder / "people.ndjson", patients(3))
    return [path, people]


def _idc(folder: Path) -> list[Path]:
    folder.mkdir()
    return [mdai_export.write_index(folder, 6)]


DELIVERIES: dict[str, tuple[Callable[[Path], list[Path]], dict[str, Any]]] = {
    "gen3": (_gen3, {"source": "gen3"}),
    "ehr": (_site, {"source": "ehr", "mapping": "ehr/site_419639"}),
    "cirr": (_cirr, {"source": "cirr", "mapping": "cirr"}),
    "fhir": (_fhir, {"source": "fhir"}),
    "idc": (_idc, {"source": "idc"}),
}


@pytest.fixture(scope="module", params=DELIVERIES)
def delivered(
    request: pytest.FixtureRequest, empty_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Path], dict[str, Any]]:
    """A delivery without the lines that wait for a person or a date: what waits is read again. That of FHIR repeats
    nothing, so that its second load knows it."""
    make, options = DELIVERIES[request.param]
    folder = tmp_path_factory.mktemp("known")
    paths = make(folder / "sent")
    while waiting := _waiting(empty_store, paths, options):
        for name, lines in waiting:
            _drop_lines(next(path for path in paths if path.name == name), lines)
    return paths, {**options, "project": "P"}


def _waiting(empty_store: Path, paths: list[Path], options: dict[str, Any]) -> list[tuple[str, list[int]]]:
    """(file, lines) of what waits; what refers to it waits in its turn when it is gone."""
    with copied_for_example(empty_store) as (store, _):
        _set_time(store)
        load(store, paths, **options, project="P")
        return store.con.execute(
            "SELECT f.name, list(if(r.line < 0, -r.line // 10_000_000, r.line)) "
            "FROM harmonize.record r JOIN harmonize.source_file f USING (file_id) "
            "LEFT JOIN harmonize.reason w USING (reason_id) "
            "WHERE r.state = 'quarantined' AND (r.is_current OR w.reason = 'no_case_key') "
            "OR r.state = 'duplicate' AND $1 GROUP BY ALL",
            [options["source"] == "fhir"],
        ).fetchall()


def _drop_lines(path: Path, numbers: list[int]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for number, line in enumerate(lines, start=1) if number not in numbers), "utf-8")


def _set_time(store: Store) -> None:
    set_project(store, "P", time="offset", source_anchor=date(2021, 1, 1), anchor=date(2000, 1, 1))


def _rows(store: Store) -> dict[str, list[str]]:
    """Every row of the store but for times and random numbers."""
    names = store.con.execute(
        "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
        "AND table_schema IN ('omop', 'midrc', 'archive', 'harmonize') AND NOT list_contains($1, table_name) "
        "AND NOT starts_with(table_name, 'concept') AND NOT starts_with(table_name, 'suggest') ORDER BY 1",
        [list(OF_THE_MOMENT)],
    ).fetchall()
    found = {name: store.con.execute(f"FROM {name}").fetchall() for (name,) in names}
    found["harmonize.submission"] = store.con.execute(
        "SELECT * EXCLUDE (loaded_at) FROM harmonize.submission"
    ).fetchall()
    return {name: sorted(map(repr, rows)) for name, rows in found.items()}


def _numbers(result: LoadResult) -> dict[str, Any]:
    return result.to_json() | {"seconds": 0}


def _is_known(result: LoadResult) -> bool:
    return any(NOT_READ in note for note in result.notes)


@pytest.fixture
def two(empty_store: Path, tmp_path: Path) -> Iterator[tuple[Store, Callable[[], Any]]]:
    """A store, and what gives a copy of it as it is now."""
    with copied(empty_store, tmp_path) as store:

        def copy(name: str) -> Any:
            store.con.execute("CHECKPOINT")
            (tmp_path / name).mkdir()
            return copied(Path(shutil.copy(store.path, tmp_path / f"{name}.duckdb")), tmp_path / name)

        yield store, copy


def test_a_known_delivery_is_told_as_if_it_were_read(
    two: tuple[Store, Callable[[str], Any]],
    delivered: tuple[list[Path], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Again and again; as a snapshot, too. What the delivery itself repeats is unchanged from its second load on."""
    store, copy = two
    paths, options = delivered
    _set_time(store)
    first = load(store, paths, **options)
    if first.states["duplicate"]:
        first = load(store, paths, **options)
    assert not _is_known(first)
    with copy("read") as other:
        again = [load(store, paths, **options), load(store, paths, **options, mode="snapshot")]
        monkeypatch.setattr(loading, "former_submission", lambda *_, **__: None)
        read = [load(other, paths, **options), load(other, paths, **options, mode="snapshot")]
        assert [_is_known(result) for result in (*again, *read)] == [True, True, False, False]
        found, expected = _rows(store), _rows(other)
        assert found.keys() == expected.keys()
        different = {
            name: sorted({*rows} ^ {*expected[name]}) for name, rows in found.items() if rows != expected[name]
        }
        assert different == {}
        assert [_numbers(result) for result in again] == [_numbers(result) for result in read]


def _known(store: Store, paths: list[Path], **options: Any) -> bool:
    return _is_known(load(store, paths, **{"source": "cirr", "mapping": "cirr", "project": "P", **options}))


def test_what_a_check_depends_on_has_it_read_again(new_store: Store, tmp_path: Path) -> None:
    """Options, another delivery of the project, a setting, a file's content; once read, it is known again."""
    store, paths = new_store, _cirr(tmp_path / "sent")
    _set_time(store)
    assert not _known(store, paths)
    assert _known(store, paths)
    assert not _known(store, paths, strict_row=True)
    assert not _known(store, paths, project="Q")
    assert not _known(store, paths[:1])
    assert _known(store, paths), "nothing of this changed the project's records"
    other = golden_inputs.write(tmp_path / "other", golden_inputs.tables("ehr/site_419639"))
    load(store, other, source="ehr", mapping="ehr/site_419639", project="P")
    assert [_known(store, paths), _known(store, paths)] == [False, True]
    set_project(store, "P", unknown_age="quarantine")
    assert [_known(store, paths), _known(store, paths)] == [False, True]
    store.con.execute("DELETE FROM harmonize.finding")
    assert not _known(store, paths, mode="upsert"), "findings that are gone are not told again"
    paths[0].write_text(paths[0].read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert not _known(store, paths)


def test_a_known_delivery_holds_what_the_first_one_brought(new_store: Store, tmp_path: Path) -> None:
    store, paths = new_store, _cirr(tmp_path / "sent")
    _set_time(store)
    assert [_known(store, paths), _known(store, paths)] == [False, True]
    counted = "SELECT count(*) FROM omop.observation"
    before = store.con.execute(counted).fetchone()
    withdraw(store, 1)
    assert store.con.execute(counted).fetchone() == before != (0,)
    assert _known(store, paths), "submission 2 stands for it"
    withdraw(store, 2)
    withdraw(store, 3)
    assert store.con.execute(counted).fetchone() == (0,)
    assert not _known(store, paths)


def test_a_snapshot_that_lacks_records_of_others_is_read(new_store: Store, tmp_path: Path) -> None:
    store = new_store
    files = golden_inputs.tables("cirr")
    whole = golden_inputs.write(tmp_path / "whole", files)
    part = golden_inputs.write(tmp_path / "part", {name: rows[: len(rows) // 2] for name, rows in files.items()})
    _set_time(store)
    assert [_known(store, whole), _known(store, part), _known(store, part)] == [False, False, True]
    result = load(store, part, source="cirr", mapping="cirr", project="P", mode="snapshot", allow_deletions=True)
    assert not _is_known(result)
    assert store.con.execute("SELECT count(*) FROM harmonize.record WHERE state = 'deleted'").fetchone() != (0,)
