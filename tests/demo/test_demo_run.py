"""The demo from end to end: what was planted is found, the ledger balances, the page and the queries work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from harmonize.cli.main import app
from harmonize.demo.invent import invent, recipe
from harmonize.demo.run import QUERIES, DemoResult, demo
from harmonize.engine.errors import InputError
from harmonize.engine.store import open_store
from harmonize.export.query import query
from harmonize.pipeline.inspect import ledger, ledger_columns, lineage, submissions, unmapped


@pytest.fixture(scope="module")
def con(shown: DemoResult) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_store(shown.database, read_only=True) as store:
        yield store.con


def test_every_planted_error_becomes_what_is_said_of_it(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    planted = invent(tmp_path, recipe()).planted
    states = {row["line"]: row["state"] for row in ledger(con, 1, records=True)}
    for error in planted:
        told = error.becomes
        expected = "loaded" if told.startswith("the cell") else "duplicate" if "duplicate" in told else "quarantined"
        assert states.pop(error.line, "loaded") == expected, error
    assert list(states.values()) == ["quarantined"]  # the first of the two lines that contradict each other


def test_every_planted_error_is_found_on_its_line(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    planted = {error.line for error in invent(tmp_path, recipe()).planted}
    found = {row[0] for row in con.execute("SELECT line FROM harmonize.finding WHERE submission_id = 1").fetchall()}
    assert planted <= found
    assert len(found) == len(planted) + 1


def test_a_bad_cell_costs_only_itself(con: duckdb.DuckDBPyConnection) -> None:
    sexes = con.execute(
        "SELECT p.sex, p.visits FROM linked.person_summary p JOIN harmonize.lineage l "
        "ON l.omop_table = 'person' AND l.omop_id = p.person_id AND l.role = 'primary' JOIN harmonize.finding f "
        "ON f.file_id = l.file_id AND f.line = l.line WHERE f.value = 'FEMLE'"
    ).fetchall()
    assert sexes == [(None, 1)]


def test_the_ledger_balances(con: duckdb.DuckDBPyConnection) -> None:
    files = ledger(con)
    assert [(row["file"], row["balanced"]) for row in files] == [("clinical.csv", True), ("images.parquet", True)]
    assert (files[0]["records"], files[0]["quarantined"], files[0]["duplicate"]) == (202, 5, 1)
    columns = ledger_columns(con, 1)
    assert len(columns) == 131
    ends = ("empty", "loaded", "context", "excluded", "quarantined")
    assert all(row["records"] == sum(row[end] for end in ends) == 202 for row in columns)
    sums = submissions(con)
    assert [(row["submission_id"], row["files"], row["records"]) for row in sums] == [
        (1, 1, 202),
        (2, 1, files[1]["records"]),
    ]


def test_lineage_leads_to_the_line(con: duckdb.DuckDBPyConnection) -> None:
    [row] = lineage(con, "measurement", 1)
    assert (row["file"], row["line"], row["role"], row["imputed"]) == (
        "clinical.csv",
        2,
        "primary",
        "measurement_date from visit_start",
    )


def test_unmapped_accounts_for_every_zero_of_the_main_columns(con: duckdb.DuckDBPyConnection) -> None:
    rows = unmapped(con)
    for table, column in (
        ("measurement", "measurement_concept_id"),
        ("observation", "observation_concept_id"),
        ("condition_occurrence", "condition_concept_id"),
        ("procedure_occurrence", "procedure_concept_id"),
        ("image_occurrence", "modality_concept_id"),
        ("observation", "value_as_concept_id"),
    ):
        told = sum(row["rows"] for row in rows if (row["table"], row["column"]) == (table, column))
        zeros = con.execute(f"SELECT count(*) FROM omop.{table} WHERE {column} = 0").fetchone()
        assert zeros == (told,), (table, column)
    why = {(row["vocabulary_id"], row["code"], row["column"]): row["why"] for row in rows}
    assert why["LOINC", "76282-3", "measurement_concept_id"] == "unknown code"
    assert ("DICOM", "CR", "modality_concept_id") not in why  # every modality has a concept
    assert why[None, "discharged", "discharged_to_concept_id"] == "no code"
    assert why[None, "age_precision", "observation_concept_id"] == "statement"
    apart = [row["why"] == "statement" for row in rows]
    assert apart == sorted(apart)


def test_views_hold_every_study_series_and_person(con: duckdb.DuckDBPyConnection) -> None:
    def count(query: str) -> object:
        row = con.execute(query).fetchone()
        return row[0] if row else None

    assert count("SELECT count(*) FROM linked.imaging_timeline") == count("SELECT count(*) FROM harmonize.image_link")
    assert count("SELECT count(*) FROM linked.imaging_series") == count("SELECT count(*) FROM omop.image_occurrence")
    assert count("SELECT count(*) FROM linked.person_summary") == count("SELECT count(*) FROM omop.person")
    measured = count("SELECT count(*) FROM linked.event WHERE omop_table = 'measurement'")
    assert measured == count("SELECT count(*) FROM omop.measurement")
    ct = con.execute(
        "SELECT DISTINCT region, series_count, image_series_count, first_series_description "
        "FROM linked.imaging_timeline WHERE modality = 'CT'"
    )
    assert ct.fetchall() == [("Chest", 4, 3, "SCOUT")]
    assert count("SELECT count(*) FROM linked.imaging_timeline WHERE region IS NULL") == 0


def test_the_offset_links_more_and_moves_no_date(con: duckdb.DuckDBPyConnection) -> None:
    tiers = dict(con.execute("SELECT tier, count(*) FROM linked.imaging_timeline GROUP BY tier").fetchall())
    assert tiers["contained_offset"] > 0
    assert "contained" not in tiers
    moved = con.execute(
        "SELECT count(*) FROM linked.imaging_series i JOIN midrc.imaging_series s USING (series_uid) "
        "WHERE i.series_date - DATE '2020-01-01' <> s.series_date - DATE '1901-01-01'"
    ).fetchone()
    assert moved == (0,)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [value for key in ("href", "src") if (value := given.get(key))]
        self.anchors |= {value} if (value := given.get("id")) else set()
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_is_one_sound_page(shown: DemoResult) -> None:
    html = shown.report.read_text(encoding="utf-8")
    reader = _Reader()
    reader.feed(html)
    assert reader.open == []
    inner = {link[1:] for link in reader.links if link.startswith("#")}
    assert inner <= reader.anchors
    assert [link for link in reader.links if not link.startswith("#")] == ["validation.html"]
    for told in (
        "FEMLE",
        "Did you mean FEMALE?",
        "hemolyzed",
        "contained_offset",
        "On which day of the stay",
        "76282-3",
    ):
        assert told in reader.text, told
    assert "FEMLE" in shown.validation.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", QUERIES)
def test_queries_run_for_an_analyst(shown: DemoResult, name: str, tmp_path: Path) -> None:
    text = (shown.out / "queries" / f"{name}.sql").read_text(encoding="utf-8")
    database = Path(shutil.copy(shown.database, tmp_path))
    outcome = query(database, text, format="csv", output=tmp_path / "rows.csv")
    assert outcome.rows > 1
    assert any(f"{name}.sql" in line and "harmonize query -f" in line for line in shown.lines)


def test_a_database_of_another_project_is_not_replaced(shown: DemoResult, tmp_path: Path) -> None:
    database = tmp_path / "demo.duckdb"
    database.write_bytes(shown.database.read_bytes())
    with open_store(database) as store, store.transaction():
        for number, project in ((1, "YOURS"), (2, "MINE")):  # the first by name is told
            store.con.execute(
                "UPDATE harmonize.submission SET project_id = $1 WHERE submission_id = $2", [project, number]
            )
    kept = database.read_bytes()
    with pytest.raises(InputError, match="holds the project MINE"):
        demo(tmp_path)
    assert database.read_bytes() == kept


def test_the_command_replaces_a_demo_and_ends_well_although_errors_are_found(shown: DemoResult, tmp_path: Path) -> None:
    out = Path(shutil.copytree(shown.out, tmp_path / "out"))
    (out / "report.html").unlink()
    result = CliRunner().invoke(app, ["demo", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "Findings are expected here" in result.output
    assert str(out / "demo.duckdb") in result.output
    assert (out / "report.html").is_file()
