"""Safe harbor: the store, its key and the original files at hand, and only the crosswalk not, nothing leads back; with
it everything does. Days are everybody's own, and as far apart as they were."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import study
from leads import VOCABULARY, columns_of, ids_of, keys_of, rank_correlation, texts_of

from harmonize.engine.paths import sql
from harmonize.engine.store import open_store
from harmonize.export.allow_list import id_numbers
from harmonize.export.key import read_key
from harmonize.export.lineage import id_in_store
from harmonize.export.permutation import published_id
from harmonize.export.publish import publish
from harmonize.release.deid.risk import risk

KEY = "5e" * 32
OLD = """
UPDATE omop.person SET year_of_birth = 1911
WHERE person_id = (SELECT person_id FROM harmonize.person_case WHERE project_id = 'O' ORDER BY case_key LIMIT 1)
"""


@pytest.fixture(scope="module")
def folder(study_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store, and the file that is published of it, with what was done to each column."""
    folder = tmp_path_factory.mktemp("harbor")
    with open_store(Path(shutil.copy(study_store, folder / "store.duckdb"))) as store:
        store.con.execute(OLD)
    (folder / "store.duckdb.key").write_text(KEY)
    result = publish(folder / "store.duckdb", folder / "p.duckdb", profile="safe_harbor", report=folder / "report.json")
    assert (result.profile, result.limited_data_set, set(result.uids.values())) == ("safe_harbor", False, {"remap"})
    return folder


@pytest.fixture(scope="module")
def con(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store as s, the published file as p, the crosswalk as c."""
    with duckdb.connect() as con:
        for name, file in (("s", "store.duckdb"), ("p", "p.duckdb"), ("c", "store.duckdb.codes")):
            con.execute(f"ATTACH '{folder / file}' AS {name} (READ_ONLY)")
        yield con


def test_no_text_is_a_key_or_made_of_one(con: duckdb.DuckDBPyConnection) -> None:
    texts, keys = texts_of(con), keys_of(con)
    assert {text: where for text, where in texts.items() if text in keys} == {}
    telling = {key.lower() for key in keys if len(key) >= 6 and re.search(r"\d", key)}
    assert len(telling) > 300
    assert [text for text in texts if any(key in text.lower() for key in telling)] == []
    made = {text.rpartition("-")[2] for text in texts if re.fullmatch(r"[a-z_0-9]+-[0-9a-f]{20}", text)}
    made |= {f"{int(text[5:]):032x}" for text in texts if re.fullmatch(r"2\.25\.[0-9]+", text)}
    assert len(made) > 200
    every = {
        getattr(hashlib, name)(text.encode()).hexdigest()
        for key in keys
        for project in ("", "O", "S", "R")
        for text in (key, f"{project}|{key}", f"{project}{key}", f"{project}\x1f{key}")
        for name in ("md5", "sha1", "sha256")
    }
    assert not made & {digest[start : start + size] for digest in every for size in (20, 32) for start in (0, 12, 20)}


def test_the_stores_own_key_makes_no_code(folder: Path, con: duckdb.DuckDBPyConnection) -> None:
    codes = con.execute("SELECT kind, project_id, key, code FROM c.code").fetchall()
    texts = texts_of(con)
    assert len({code for *_, code in codes if code in texts}) > 200
    for key in (
        read_key(folder / "store.duckdb.key"),
        read_key(folder / "store.duckdb.key").for_profile("safe_harbor"),
    ):
        with duckdb.connect() as own:
            for name, pad in zip(("publish_inner", "publish_outer"), key.pads, strict=True):
                own.execute(f"SET VARIABLE {name} = ?", [pad])
            own.execute(sql("export/publish/macros"))
            own.execute("CREATE TABLE t AS SELECT unnest($1) AS kind, unnest($2) AS project, unnest($3) AS key",
                        [[one[place] for one in codes] for place in (0, 1, 2)])  # fmt: skip
            made = own.execute(
                "SELECT pseudonym_of(kind, project, key) FROM t UNION SELECT uid_of(key) FROM t"
            ).fetchall()
        assert not {text for (text,) in made} & texts.keys()
        persons = {row[0] for row in con.execute("SELECT person_id FROM s.omop.person").fetchall()}
        permuted = {published_id(key.rounds, id_numbers()["person"], person) for person in persons}
        assert not (permuted | persons) & set(ids_of(con, "p")["person"])


def test_ids_and_rows_are_in_no_order_of_the_store(folder: Path, con: duckdb.DuckDBPyConnection) -> None:
    compared = 0
    with open_store(folder / "store.duckdb", read_only=True) as store:
        for name, ids in ids_of(con, "p").items():
            back = [id_in_store(store, name, row, None, "safe_harbor") for row in ids]
            assert sorted(back) == sorted(ids_of(con, "s")[name]), name
            if len(ids) >= 100:
                compared += 1
                most = 5 / len(ids) ** 0.5  # five standard deviations: ids of persons are drawn anew in each run
                assert abs(rank_correlation(list(zip(ids, back, strict=True)))) < most, name
                assert abs(rank_correlation(list(enumerate(back)))) < most, name
    assert compared >= 1


def test_no_day_of_anybody_is_there(con: duckdb.DuckDBPyConnection) -> None:
    cells = texts_of(con, "VARCHAR", "VARCHAR[]", "DATE", "TIMESTAMP")
    days = [*study.DAYS, "20200303", "3 March 2020", "2020-03", "2021-03"]
    assert {cell: where for cell, where in cells.items() if any(day in cell for day in days)} == {}
    clocks = 0
    for schema, table, column, type_ in columns_of(con):
        if schema == "omop" and type_ == "TIMESTAMP" and table not in ("cdm_source", "metadata"):
            clocks += 1
            told = con.execute(f'SELECT DISTINCT "{column}"::TIME FROM p.omop."{table}" WHERE "{column}" IS NOT NULL')
            assert {str(clock) for (clock,) in told.fetchall()} <= {"00:00:00"}, (table, column)
    assert clocks > 10
    firsts = con.execute(
        "SELECT person_id, min(day) FROM (SELECT person_id, measurement_date AS day FROM p.omop.measurement "
        "UNION ALL SELECT person_id, visit_start_date FROM p.omop.visit_occurrence UNION ALL "
        "SELECT person_id, observation_period_start_date FROM p.omop.observation_period UNION ALL "
        "SELECT person_id, reference_date FROM p.harmonize.person_age WHERE reference_date IS NOT NULL) GROUP BY 1"
    ).fetchall()
    assert {str(day) for _, day in firsts} == {"2000-01-01"}
    assert len(firsts) > study.PATIENTS


def test_days_are_as_far_apart_as_they_were(con: duckdb.DuckDBPyConnection) -> None:
    apart = (
        "SELECT {person}, list(date_diff('day', v.visit_start_date, m.measurement_date) ORDER BY 1) "
        "FROM {d}.omop.measurement m JOIN {d}.omop.visit_occurrence v USING (person_id) GROUP BY 1"
    )
    code = "(SELECT code::BIGINT FROM c.code WHERE kind = 'person' AND key = m.person_id::VARCHAR)"
    in_store = dict(con.execute(apart.format(person=code, d="s")).fetchall())
    in_file = dict(con.execute(apart.format(person="m.person_id", d="p")).fetchall())
    assert in_store == in_file
    assert len(in_file) >= study.PATIENTS
    # days of the hub are counted from the same day
    both = con.execute(
        "SELECT DISTINCT m.start_day - date_diff('day', DATE '2000-01-01', o.measurement_date) "
        "FROM p.midrc.measurement m JOIN p.harmonize.person_case USING (project_id, case_key) "
        "JOIN p.omop.measurement o USING (person_id) WHERE m.project_id = 'O'"
    ).fetchall()
    assert both == [(0,)]


def test_nobody_over_89_is_told_and_no_place(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("SELECT min(year_of_birth) FROM s.omop.person").fetchone() == (1911,)
    assert con.execute("SELECT min(year_of_birth) FROM p.omop.person").fetchone() == (1910,)
    over = con.execute(
        "SELECT a.low, a.high FROM p.omop.person JOIN p.harmonize.person_age a USING (person_id) "
        "WHERE year_of_birth = 1910"
    ).fetchall()
    assert {high for _, high in over} == {None}
    assert {low for low, _ in over} <= {90, None}
    ages = con.execute("SELECT max(age_at_index), max(birth_year), min(birth_year) FROM p.midrc.case").fetchone()
    assert ages is not None
    assert ages[2] >= 1910
    assert con.execute("SELECT DISTINCT care_site_name FROM p.omop.care_site").fetchall() == [(None,)]
    assert con.execute("SELECT DISTINCT zip FROM p.omop.location").fetchall() == [("021",)]


def test_texts_that_few_have_and_notes_are_withheld(con: duckdb.DuckDBPyConnection) -> None:
    # 12 patients of O have the same result, 4 of S another; those that are one text of 11 persons or more stay
    notes = con.execute("SELECT DISTINCT note_text, note_title FROM p.omop.note").fetchall()
    assert notes == [("[text not published]", "visit of [date]")]
    told = con.execute(
        "SELECT value_source_value, count(DISTINCT person_id) FROM p.omop.measurement "
        "WHERE value_source_value IS NOT NULL GROUP BY 1"
    ).fetchall()
    assert min(persons for _, persons in told) >= 11
    kinds = con.execute("SELECT count(DISTINCT place_of_service_source_value) FROM p.omop.care_site").fetchone()
    assert kinds == (0,)


def test_every_reference_still_leads_to_its_row(con: duckdb.DuckDBPyConnection) -> None:
    for join in (
        "omop.person a JOIN {0}.midrc.case b ON b.case_key = a.person_source_value",
        "omop.measurement a JOIN {0}.omop.person b USING (person_id)",
        "omop.provider a JOIN {0}.midrc.annotation b ON b.reader_key = a.provider_source_value",
        "omop.care_site a JOIN {0}.midrc.organization b ON b.care_site_key = a.care_site_source_value",
        "midrc.measurement a JOIN {0}.midrc.visit b ON b.visit_key = a.visit_key AND b.case_key = a.cases",
        "omop.image_occurrence a JOIN {0}.midrc.imaging_series b ON b.series_uid = a.image_series_uid",
        "midrc.annotation a JOIN {0}.midrc.imaging_study b ON b.study_uid = a.study_uid",
        "harmonize.image_link a JOIN {0}.omop.person b USING (person_id)",
    ):
        in_store, in_file = (con.execute(f"SELECT count(*) FROM {d}.{join.format(d)}").fetchone() for d in ("s", "p"))
        assert in_store == in_file, join
        assert in_store != (0,), join
    lists = "SELECT count(*), count(cr_series_files), sum(len(cr_series_files)) FROM {}.midrc.annotation"
    assert con.execute(lists.format("s")).fetchone() == con.execute(lists.format("p")).fetchone()


def test_what_values_alone_tell_is_counted(folder: Path, con: duckdb.DuckDBPyConnection) -> None:
    alone = con.execute(
        "SELECT count(*) FROM (SELECT year_of_birth, gender_concept_id FROM p.omop.person GROUP BY ALL "
        "HAVING count(*) = 1)"
    ).fetchone()
    with open_store(folder / "p.duckdb", read_only=True) as store:
        found = risk(store, by=["birth_year", "sex"])
    assert (found.alone,) == alone
    assert found.alone > 0
    assert not found.ok


def test_the_report_says_what_became_of_each_column(folder: Path, con: duckdb.DuckDBPyConnection) -> None:
    told = json.loads((folder / "report.json").read_text())
    assert (told["profile"], told["rare"]) == ("safe_harbor", 11)
    columns = {(one["schema"], one["table"], one["column"]): one for one in told["columns"]}
    person = columns["omop", "person", "person_source_value"]
    ((persons,),) = con.execute("SELECT count(*) FROM s.omop.person").fetchall()
    counted = (person["filled"], person["changed"], person["withheld"], person["act"])
    assert counted == (persons, persons, 0, "coded")
    assert person["citation"] == "45 CFR 164.514(b)(2)(i)(H)"
    dates = columns["omop", "measurement", "measurement_date"]
    assert (dates["act"], dates["rule"]) == ("relative", "dates")
    counts = [one[name] for one in told["columns"] for name in ("filled", "kept", "changed", "withheld")]
    assert len(counts) > 3000
    assert [count for count in counts if count is not None and 0 < count < 11] == []
    tables = con.execute(
        "SELECT DISTINCT schema_name, table_name FROM duckdb_tables() "
        "WHERE database_name = 'p' AND schema_name <> 'linked'"
    ).fetchall()
    own = {("harmonize", "publication"), ("harmonize", "store_version")}
    named = {(schema, table) for schema, table, _ in columns}
    assert {one for one in tables if not one[1].startswith(VOCABULARY)} - own == named
