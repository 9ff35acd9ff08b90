"""Nobody leads a published file back without the key: not by keys, hashes, days, ids or order, the store and the
original files at hand; and everything in it still belongs together."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import study
from leads import VOCABULARY, columns_of, ids_of, keys_of, rank_correlation, texts_of

from harmonize.engine.errors import InputError
from harmonize.engine.store import open_store
from harmonize.export.allow_list import published
from harmonize.export.key import make_key
from harmonize.export.lineage import id_in_store
from harmonize.export.publish import publish
from harmonize.pipeline.inspect import lineage
from harmonize.schema.ddl import columns, tables
from harmonize.schema.load import load_schema

UID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
KEY = "6f" * 32


@pytest.fixture(scope="module")
def folder(study_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store, published twice with one key and once with another."""
    folder = tmp_path_factory.mktemp("published")
    shutil.copy(study_store, folder / "store.duckdb")
    (folder / "store.duckdb.key").write_text(KEY)  # a key of its own, so that orders do not differ by chance
    publish(folder / "store.duckdb", folder / "first.duckdb")
    publish(folder / "store.duckdb", folder / "second.duckdb")
    shutil.copy(folder / "store.duckdb", folder / "other_store.duckdb")
    make_key(folder / "other.key")
    publish(folder / "other_store.duckdb", folder / "other.duckdb", key_file=folder / "other.key", new_key=True)
    return folder


@pytest.fixture(scope="module")
def con(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store as s, the published files as p, twice and other."""
    with duckdb.connect() as con:
        for name, file in (("s", "store"), ("p", "first"), ("twice", "second"), ("other", "other")):
            con.execute(f"ATTACH '{folder / file}.duckdb' AS {name} (READ_ONLY)")
        yield con


def test_no_text_is_a_key_or_a_hash_of_one(con: duckdb.DuckDBPyConnection) -> None:
    texts, keys = texts_of(con), keys_of(con)
    public = {uid for uid in texts if uid.startswith(study.PUBLIC_ROOT)}
    assert {text: where for text, where in texts.items() if text in keys - public} == {}
    telling = {key.lower() for key in keys - public if len(key) >= 6 and re.search(r"\d", key)}
    assert len(telling) > 300
    assert [text for text in texts if text not in public and any(key in text.lower() for key in telling)] == []
    hashes = {
        getattr(hashlib, name)(text.encode()).hexdigest()
        for key in keys
        for text in (key, f"O|{key}", f"O{key}")
        for name in ("md5", "sha1", "sha256")
    }
    made = {text.rpartition("-")[2] for text in texts if re.fullmatch(r"[a-z_0-9]+-[0-9a-f]{20}", text)}
    assert len(made) > 200
    assert not made & {digest[start : start + 20] for digest in hashes for start in (0, 12, 20, 44)}


def test_no_day_of_the_source_is_there(con: duckdb.DuckDBPyConnection) -> None:
    cells = texts_of(con, "VARCHAR", "VARCHAR[]", "DATE", "TIMESTAMP")
    days = [*study.DAYS, "20200303", "3 March 2020", "2020-03-01", "2021-03-01", "2021-03-02"]
    assert {cell: where for cell, where in cells.items() if any(day in cell for day in days)} == {}
    assert con.execute("SELECT DISTINCT note_text, note_title FROM p.omop.note").fetchall() == [
        ("[text not published]", "visit of [date]")
    ]
    for schema, table, column, type_ in columns_of(con):
        if schema == "midrc" and type_ in ("DATE", "TIMESTAMP"):
            rows = con.execute(
                f"SELECT count(\"{column}\") FROM p.midrc.\"{table}\" WHERE project_id IN ('O', 'S')"
            ).fetchone()
            assert rows == (0,), (table, column)
    assert con.execute("SELECT DISTINCT start_day FROM p.midrc.measurement WHERE project_id = 'O'").fetchall() == [(2,)]
    births = "SELECT DISTINCT month_of_birth, day_of_birth, birth_datetime FROM p.omop.person"
    assert con.execute(births).fetchall() == [(None, None, None)]


def test_nobody_over_89_and_no_small_place_is_told(con: duckdb.DuckDBPyConnection) -> None:
    store = "SELECT min(year_of_birth), count(*) FROM s.omop.person"
    assert con.execute(store).fetchone() == (1917, study.PATIENTS + 5 + 3)
    oldest = (
        "SELECT min(p.year_of_birth - year(a.reference_date)) "
        "FROM p.omop.person p JOIN p.harmonize.person_age a USING (person_id)"
    )
    assert con.execute(oldest).fetchone() == (-90,)
    assert con.execute("SELECT min(birth_year) > 1917 FROM p.midrc.case WHERE project_id = 'S'").fetchone() == (True,)
    assert con.execute("SELECT DISTINCT zip FROM p.omop.location ORDER BY zip").fetchall() == [("021",)]
    assert con.execute("SELECT DISTINCT care_site_name FROM p.omop.care_site").fetchall() == [(None,)]


def test_ids_and_rows_are_in_no_order_of_the_store(folder: Path, con: duckdb.DuckDBPyConnection) -> None:
    in_store, in_file = ids_of(con, "s"), ids_of(con, "p")
    compared = 0
    with open_store(folder / "store.duckdb", read_only=True) as store:
        for name, ids in in_file.items():
            back = [id_in_store(store, name, row, None) for row in ids]
            assert sorted(back) == sorted(in_store[name]), name
            assert not set(ids) & set(in_store[name]), name
            if len(ids) >= 100:
                compared += 1
                assert abs(rank_correlation(list(zip(ids, back, strict=True)))) < 0.25, name
                assert abs(rank_correlation(list(enumerate(back)))) < 0.25, name
    assert compared >= 1
    everything = [row for ids in in_file.values() for row in ids]
    assert len(everything) == len(set(everything))
    # rows of the hub, by what the store knows of them: the results of one patient and day are numbered by their records
    order = con.execute(
        "SELECT m.value_number FROM p.midrc.measurement m WHERE project_id = 'O' AND value_number IS NOT NULL"
    ).fetchall()
    assert abs(rank_correlation([(place, value) for place, (value,) in enumerate(order)])) < 0.25


def test_lineage_leads_back_with_the_key_alone(folder: Path, con: duckdb.DuckDBPyConnection) -> None:
    (row,) = con.execute("SELECT any_value(measurement_id) FROM p.omop.measurement").fetchall()
    with open_store(folder / "store.duckdb", read_only=True) as store:
        told = lineage(store.con, "measurement", id_in_store(store, "measurement", row[0], None))
        assert told[0]["node"] in ("fhir.Observation", "hospital.result")
        with pytest.raises(InputError, match="is not the key"):
            id_in_store(store, "measurement", row[0], folder / "other.key")
        with pytest.raises(InputError, match="is no id of observation"):
            id_in_store(store, "observation", row[0], None)


def _rows(con: duckdb.DuckDBPyConnection, database: str, schema: str, table: str) -> list[tuple[Any, ...]]:
    return con.execute(f'FROM {database}.{schema}."{table}"').fetchall()


def test_the_same_key_gives_an_equal_file_row_by_row(con: duckdb.DuckDBPyConnection) -> None:
    names = {(schema, table) for schema, table, *_ in columns_of(con) if schema != "linked"}
    assert names == {(schema, table) for schema, table, *_ in columns_of(con, "twice") if schema != "linked"}
    views = set(con.execute("SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'p'").fetchall())
    for schema, table in sorted(names):
        one, other = _rows(con, "p", schema, table), _rows(con, "twice", schema, table)
        if (schema, table) in views:  # what is computed when it is read has no order
            one, other = sorted(one, key=repr), sorted(other, key=repr)
        assert one == other, (schema, table)


def test_another_key_shares_no_id_and_no_pseudonym(con: duckdb.DuckDBPyConnection) -> None:
    mine, others = ids_of(con, "p"), ids_of(con, "other")
    assert {name: len(ids) for name, ids in mine.items()} == {name: len(ids) for name, ids in others.items()}
    assert not {row for ids in mine.values() for row in ids} & {row for ids in others.values() for row in ids}
    for query in (
        "SELECT case_key FROM {}.midrc.case",
        "SELECT submitter_id FROM {}.midrc.measurement",
        "SELECT study_uid FROM {}.midrc.imaging_study WHERE project_id = 'O'",
        "SELECT key_mark FROM {}.harmonize.publication",
    ):
        one, other = ({row[0] for row in con.execute(query.format(name)).fetchall()} for name in ("p", "other"))
        assert one
        assert not one & other


def test_every_reference_still_leads_to_its_row(con: duckdb.DuckDBPyConnection) -> None:
    references = 0
    for name, cls in tables(load_schema("omop")).items():
        for column, slot in columns(cls).items():
            target = slot.annotations.get("fk_table")
            if not target or name in VOCABULARY:
                continue
            key = slot.annotations["fk_field"]
            join = f'SELECT count(*) FROM {{0}}.omop.{name} a JOIN {{0}}.omop.{target} b ON b.{key} = a."{column}"'
            in_store, in_file = (con.execute(join.format(database)).fetchone() for database in ("s", "p"))
            assert in_store == in_file, (name, column)
            references += bool(in_store and in_store[0] and published()["omop", name][column].becomes == "id")
    assert references > 15
    for join in (
        "omop.observation a JOIN {0}.omop.procedure_occurrence b ON b.procedure_occurrence_id = a.observation_event_id",
        "omop.image_feature a JOIN {0}.omop.observation b ON b.observation_id = a.image_feature_event_id",
        "omop.person a JOIN {0}.midrc.case b ON b.case_key = a.person_source_value",
        "omop.provider a JOIN {0}.midrc.provider b ON b.provider_key = a.provider_source_value",
        "omop.care_site a JOIN {0}.midrc.organization b ON b.care_site_key = a.care_site_source_value",
        "omop.provider a JOIN {0}.midrc.annotation b ON b.reader_key = a.provider_source_value",
        "omop.device_exposure a JOIN {0}.midrc.device_definition b ON b.udi = a.unique_device_id",
        "midrc.measurement a JOIN {0}.midrc.visit b ON b.visit_key = a.visit_key AND b.case_key = a.cases",
        "midrc.imaging_series a JOIN {0}.midrc.imaging_study b USING (study_uid, case_key)",
        "omop.image_occurrence a JOIN {0}.midrc.imaging_series b ON b.series_uid = a.image_series_uid",
        "midrc.annotation a JOIN {0}.harmonize.image_link b USING (study_uid, case_key)",
        "harmonize.image_link a JOIN {0}.omop.person b USING (person_id)",
        "harmonize.imputation a JOIN {0}.omop.visit_occurrence b "
        "ON b.visit_occurrence_id = a.omop_id AND a.omop_table = 'visit_occurrence'",
        "harmonize.person_age a JOIN {0}.omop.person b USING (person_id)",
    ):
        in_store, in_file = (con.execute(f"SELECT count(*) FROM {d}.{join.format(d)}").fetchone() for d in ("s", "p"))
        assert in_store == in_file, join
        assert in_store != (0,) or "imputation" in join, join


def test_the_views_tell_the_same_of_the_published_tables(con: duckdb.DuckDBPyConnection) -> None:
    views = con.execute(
        "SELECT view_name FROM duckdb_views() WHERE database_name = 's' AND schema_name = 'linked'"
    ).fetchall()
    assert len(views) >= 10
    for (view,) in views:
        counts = []
        for database in ("s", "p"):
            con.execute(f"USE {database}")
            counts.append(con.execute(f"SELECT count(*) FROM linked.{view}").fetchone())
        con.execute("USE memory")
        assert counts[0] == counts[1], view
    con.execute("USE p")
    joined = con.execute(
        "SELECT count(*) FROM linked.imaging_series s JOIN linked.person_summary p USING (person_id, case_key) "
        "JOIN linked.imaging_timeline t USING (person_id, study_uid)"
    ).fetchone()
    con.execute("USE memory")
    assert joined == (study.PATIENTS + 8,)


def test_uids_are_new_ones_unless_their_project_publishes_them(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT DISTINCT project_id, unnest([study_uid, series_uid]) FROM p.midrc.imaging_series UNION "
        "SELECT DISTINCT project_id, study_uid FROM p.midrc.annotation"
    ).fetchall()
    for project, uid in rows:
        assert UID.fullmatch(uid), uid
        assert len(uid) <= 64, uid
        assert uid.startswith("2.25." if project == "O" else study.PUBLIC_ROOT), (project, uid)
    assert {project for project, _ in rows} == {"O", "R"}
    settled = "SELECT project_id, uids FROM p.harmonize.project ORDER BY project_id"
    assert con.execute(settled).fetchall() == [("O", "remap"), ("R", "public"), ("S", "remap")]


def test_the_secret_is_in_neither_file(folder: Path) -> None:
    for name in ("store.duckdb", "first.duckdb"):
        content = (folder / name).read_bytes()
        assert KEY.encode() not in content
        assert bytes.fromhex(KEY) not in content
