"""The layers of the vocabulary, and what a broken download says."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from athena_files import CONCEPT_HEAD, concept, maps_to

from harmonize.engine.errors import InputError
from harmonize.pipeline.acts.vocabulary import load_vocabulary
from harmonize.vocabulary.athena import open_download
from harmonize.vocabulary.load import ensure_vocabulary, load_download, load_starter
from harmonize.vocabulary.value_sets import install

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store


def name_of(con: DuckDBPyConnection, concept_id: int) -> str | None:
    row = con.execute("SELECT concept_name FROM omop.concept WHERE concept_id = ?", [concept_id]).fetchone()
    return row[0] if row else None


def layer_of(con: DuckDBPyConnection, concept_id: int) -> str | None:
    row = con.execute("SELECT layer FROM harmonize.concept_layer WHERE concept_id = ?", [concept_id]).fetchone()
    return row[0] if row else None


def test_value_sets_are_translated_anew(new_store: Store, tmp_path: Path, download: Callable[..., Path]) -> None:
    """A code that the vocabulary lacked has its concept as soon as it has it, whether or not anything is loaded."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "values.sssom.tsv").write_text(
        "# mapping_set_id: https://example.org/v\n# license: https://example.org/l\n# curie_map:\n"
        "#   SITE: https://example.org/s/\nsubject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\n"
        "SITE:a\tA\tskos:exactMatch\tSNOMED:111\tsemapv:X\n",
        encoding="utf-8",
    )
    con = new_store.con
    install(con, folder, "ehr/site")
    mapped = "SELECT source_code, source_concept_id, target_concept_id FROM omop.source_to_concept_map"
    assert con.execute(mapped).fetchall() == [("a", 2_000_000_000, 0)]
    load_vocabulary(new_store, download([concept(7, "111", "Late")]))
    assert con.execute(mapped).fetchall() == [("a", 2_000_000_000, 7)]
    assert name_of(con, 2_000_000_000) == "A"
    load_vocabulary(new_store, download([concept(8, "112", "Other")], name="other"))
    assert con.execute(mapped).fetchall() == [("a", 2_000_000_000, 0)]


def test_store_without_download_has_the_starter_alone(con: DuckDBPyConnection) -> None:
    ensure_vocabulary(con)
    assert name_of(con, 37311061) == "COVID-19"
    assert con.execute("SELECT DISTINCT layer FROM harmonize.concept_layer").fetchall() == [("starter",)]
    before = con.execute("SELECT count(*) FROM harmonize.vocabulary_load").fetchone()
    ensure_vocabulary(con)
    assert con.execute("SELECT count(*) FROM harmonize.vocabulary_load").fetchone() == before


def test_download_is_taken_alone_and_the_starter_fills_in(
    con: DuckDBPyConnection, download: Callable[..., Path]
) -> None:
    summary = load_download(con, download([concept(37311061, "840539006", "Disease caused by SARS-CoV-2")]))
    assert name_of(con, 37311061) == "Disease caused by SARS-CoV-2"
    assert layer_of(con, 37311061) == "download"
    assert layer_of(con, 316866) == "starter"
    assert summary.download == 1
    assert summary.starter > 300
    assert summary.starter_conflicts == 0


def test_download_that_uses_a_starter_id_for_another_code_wins(
    con: DuckDBPyConnection, download: Callable[..., Path]
) -> None:
    summary = load_download(con, download([concept(316866, "1", "Something else")]))
    assert name_of(con, 316866) == "Something else"
    assert summary.starter_conflicts == 1
    assert con.execute("SELECT count(*) FROM omop.concept WHERE concept_code = '38341003'").fetchone() == (0,)


def test_download_replaces_the_one_before_as_a_whole(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    first = [concept(1, "a", "A"), concept(2, "b", "B")]
    load_download(con, download(first, [maps_to(1, 2)], name="first"))
    load_download(con, download([concept(2, "b", "B")], name="second"))
    assert name_of(con, 1) is None
    relationships = "SELECT count(*) FROM omop.concept_relationship WHERE concept_id_1 = 1"
    assert con.execute(relationships).fetchone() == (0,)
    load_starter(con)
    assert name_of(con, 2) == "Gender"


def test_what_concepts_use_is_described_in_the_reference_tables(
    con: DuckDBPyConnection, download: Callable[..., Path]
) -> None:
    load_download(con, download([concept(1, "a", "A", vocabulary="Local", domain="Odd")]))
    for table in ("vocabulary", "domain", "concept_class"):
        left = con.execute(f"SELECT count(*) FROM omop.concept ANTI JOIN omop.{table} USING ({table}_id)").fetchone()
        assert left == (0,), table


def test_quotes_tabs_and_file_names_are_read_as_athena_writes_them(con: DuckDBPyConnection, tmp_path: Path) -> None:
    lines = [CONCEPT_HEAD, concept(1, 'x"', 'The "odd" one'), concept(2, "NA", "null")]
    (tmp_path / "concept.CSV").write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
    load_download(con, tmp_path)
    assert con.execute("SELECT concept_name FROM omop.concept WHERE concept_code = 'x\"'").fetchone() == (
        'The "odd" one',
    )
    assert name_of(con, 2) == "null"


def test_iso_dates_and_columns_in_another_order(con: DuckDBPyConnection, tmp_path: Path) -> None:
    columns = CONCEPT_HEAD.split("\t")
    cells = concept(1, "a", "A").replace("19700101", "1970-01-01").replace("20991231", "2099-12-31").split("\t")
    text = "\t".join(reversed(columns)) + "\n" + "\t".join(reversed(cells)) + "\n"
    (tmp_path / "CONCEPT.csv").write_text(text)
    load_download(con, tmp_path)
    row = con.execute("SELECT concept_name, valid_end_date::VARCHAR FROM omop.concept WHERE concept_id = 1")
    assert row.fetchone() == ("A", "2099-12-31")


def test_blank_class_and_cpt4_are_told(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    folder = download([concept(1, "a", "").replace("Clinical Finding", "")], [maps_to(1, 99)])
    (folder / "CONCEPT_CPT4.csv").write_text(CONCEPT_HEAD + "\n")
    warnings = " ".join(load_download(con, folder).warnings)
    assert "1 concepts have no concept class" in warnings
    assert "CPT4" in warnings
    assert "1 relationships name a concept" in warnings
    assert name_of(con, 1) == "a"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([concept(1, "a", "A") + "\tmore"], "line 2: 11 columns where 10 are expected"),
        ([concept(1, "a", "A"), "2\tshort"], "line 3: 2 columns where 10 are expected"),
        ([concept(1, "a", "A").replace("19700101", "19701301")], "line 2: valid_start_date is '19701301'"),
        (
            [concept(1, "a", "A"), concept(2, "b", "B").replace("2\t", "two\t", 1)],
            "line 3: concept_id is 'two'",
        ),
        ([concept(3_000_000_000, "a", "A")], "beyond the range of a concept id"),
        (
            [concept(7, "a", "A"), concept(7, "b", "B")],
            "concept_id 7 stands more than once, in lines 2 and 3",
        ),
        ([concept(7, "a", "A"), concept(8, "", "B")], "line 3: concept_code is empty"),
        ([], "without a single concept"),
    ],
)
def test_broken_lines_are_told_with_file_and_line(
    con: DuckDBPyConnection, download: Callable[..., Path], lines: list[str], sentence: str
) -> None:
    ensure_vocabulary(con)
    con.execute("BEGIN")
    with pytest.raises(InputError, match=r"CONCEPT\.csv") as told:
        load_download(con, download(lines))
    con.execute("ROLLBACK")
    assert sentence in told.value.message
    assert name_of(con, 37311061) == "COVID-19"


def test_bytes_that_are_no_text(con: DuckDBPyConnection, download: Callable[..., Path]) -> None:
    folder = download([concept(1, "a", "A"), concept(2, "b", "B")])
    raw = (folder / "CONCEPT.csv").read_bytes()
    (folder / "CONCEPT.csv").write_bytes(raw.replace(b"\tB\t", b"\t\xff\xfe\t"))
    with pytest.raises(InputError, match="line 3: not UTF-8"):
        load_download(con, folder)


def test_header_names_are_checked(con: DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "CONCEPT.csv").write_text(CONCEPT_HEAD.replace("concept_code", "code") + "\n")
    with pytest.raises(InputError, match="the column concept_code is missing"):
        load_download(con, tmp_path)


def test_nothing_to_read(con: DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no CONCEPT\.csv"):
        load_download(con, tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        load_download(con, tmp_path / "absent")
    (tmp_path / "file.txt").write_text("text")
    with pytest.raises(InputError, match="neither a folder nor a zip"):
        load_download(con, tmp_path / "file.txt")


def test_zip_members_never_escape(con: DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../download/CONCEPT.csv", CONCEPT_HEAD + "\n" + concept(1, "a", "A") + "\n")
        archive.writestr("../escaped.csv", "no")
        archive.writestr("readme.txt", "no")
    load_download(con, path)
    assert name_of(con, 1) == "A"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["vocabulary.zip"]
    assert not (tmp_path.parent / "escaped.csv").exists()


def test_zip_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("CONCEPT.csv", CONCEPT_HEAD + "\n" + " " * 10_000)
    with (
        pytest.raises(InputError, match="unpacks to more than 5,000 bytes"),
        open_download(path, max_bytes=5_000),
    ):
        pytest.fail("a zip over the bound was opened")


def test_a_download_may_not_take_the_id_of_a_custom_concept(
    con: DuckDBPyConnection, download: Callable[..., Path]
) -> None:
    ensure_vocabulary(con)
    con.execute("INSERT INTO harmonize.custom_concept VALUES ('SITE', 'x', 2000000000)")
    with pytest.raises(InputError, match="2000000000 is already given to SITE:x"):
        load_download(con, download([concept(2_000_000_000, "y", "Y")]))
