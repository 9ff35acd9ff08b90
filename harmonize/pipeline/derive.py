"""Standardize: the OMOP rows of the affected cases, made anew from the hub.

OMOP is a function of the hub, case by case. A load, a withdrawal and a new vocabulary all do the same: name the cases
they touched, take the OMOP rows of these persons out and derive them again; unchanged rows come out equal, with the
ids that they had. So the result does not depend on the order of loads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.imaging.code_studies import code_studies
from harmonize.imaging.procedure_kind import write_kinds
from harmonize.pipeline.omop_tables import EVENTS, PERSON_TABLES, SHARED
from harmonize.pipeline.persons import assign_persons, group_cases, register_persons, write_ages, write_same_as
from harmonize.pipeline.reference import prepare
from harmonize.pipeline.rows import remove_rows, write_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection


IMAGES = {"imaging_series", "imaging_study", "annotation"}
"""Classes of the hub about images."""

AFFECTED = "person_id IN (SELECT person_id FROM affected_person)"


def derive(con: DuckDBPyConnection, touched: str, note: Callable[[str], None] | None = None) -> None:
    """Derive the OMOP rows of the cases in `touched`, a query that gives project_id and case_key.

    Runs inside the caller's transaction. `note` is told the step.
    """
    say = note or (lambda _step: None)
    prepare(con)
    link_to_studies(con)
    con.execute(sql("standardize/touched").format(touched=touched))
    group_cases(con)
    con.execute(sql("standardize/affected_case"))
    say("persons")
    _take_out(con)
    present = {name for (name,) in con.execute(sql("standardize/present")).fetchall()}
    _rederive_hub(con, present)
    assign_persons(con)
    _shared_rows(con)
    _resolve(con)
    write_rows(con, "person", sql("omop/person"))
    register_persons(con)
    write_ages(con)
    write_same_as(con)
    say("visits")
    if "visit" in present:
        write_rows(con, "visit_occurrence", sql("omop/visit_occurrence"), keep="visit_kept")
    else:
        con.execute(sql("standardize/no_visit"))
    con.execute(sql("standardize/visit_row"))
    _write_visit_parts(con, present)
    say("events")
    con.execute(sql("standardize/hub_event"))
    shares = con.execute("SELECT 1 FROM harmonize.mapping WHERE is_shared LIMIT 1").fetchone() is not None
    con.execute(sql("standardize/shared_event" if shares else "standardize/no_shared_event"))
    con.execute(sql("standardize/event"))
    con.execute(sql("standardize/death_row" if "death" in present else "standardize/no_death"))
    events = _event_tables(con)
    for table in events:
        write_rows(con, table, sql(f"omop/{table}"))
    if shares:
        con.execute(sql("standardize/shared_source"))
    con.execute(sql("standardize/described_source"))
    if "death" in present:
        write_rows(con, "death", sql("omop/death"))
    _aim_links(con, present)
    for table in ("note", "specimen"):
        if table in present:
            write_rows(con, table, sql(f"omop/{table}"))
    say("images")
    _write_images(con, present, has_measurements="measurement" in events)
    if "annotation" in present:
        _write_annotations(con)
    if "fact_link" in present:
        _write_links(con)
    say("observation periods")
    con.execute(sql("standardize/period_person"))
    write_rows(con, "observation_period", sql("omop/observation_period"))
    con.execute(sql("ledger/hub_record"))
    con.execute(sql("ledger/undated"))
    if present & {"visit_detail", "note", "specimen"}:
        con.execute(sql("ledger/undated_part"))
    if present & IMAGES:
        con.execute(sql("ledger/undated_image"))


def _write_visit_parts(con: DuckDBPyConnection, present: set[str]) -> None:
    """Parts of visits; temp tables visit_part (the visit that a part of a part belongs to) and visit_detail_row."""
    if "visit_detail" not in present:
        con.execute(sql("standardize/no_visit_part"))
        return
    con.execute(sql("standardize/visit_part"))
    write_rows(con, "visit_detail", sql("omop/visit_detail"), keep="visit_detail_kept")
    con.execute(sql("standardize/visit_of_part"))


def _write_images(con: DuckDBPyConnection, present: set[str], *, has_measurements: bool) -> None:
    """Procedures, image occurrences and links of the affected persons' studies, and their days to COVID-19 tests."""
    con.execute(sql("imaging/before_link"))
    if not present & IMAGES:
        con.execute(sql("imaging/no_study"))
        return
    con.execute(sql("imaging/study_of_case"))
    con.execute(sql("imaging/study_row"))
    studies = con.execute("SELECT count(*) FROM study_row").fetchone()
    if studies and studies[0]:
        write_kinds(con)
        con.execute(sql("imaging/study_match"))
        write_rows(con, "procedure_occurrence", sql("omop/imaging_procedure"), keep="imaging_procedure_row")
        con.execute(sql("imaging/matched_source"))
        con.execute(sql("imaging/matched_procedure"))
        con.execute(sql("imaging/repeated_series"))
        write_rows(con, "image_occurrence", sql("omop/image_occurrence"))
        con.execute(sql("imaging/repeated_source"))
        con.execute(sql("imaging/image_link"))
        if has_measurements:
            con.execute(sql("imaging/study_test_day"))
            con.execute(sql("hub/study_test_day"))


def _aim_links(con: DuckDBPyConnection, present: set[str]) -> None:
    """Temp tables aimed_link and replaced_record: what the affected cases' links lead to, and what they replace."""
    if "fact_link" not in present:
        con.execute(sql("standardize/no_link"))
        return
    con.execute("CREATE TEMP TABLE IF NOT EXISTS incoming (record_id BIGINT, key_hash UUID)")
    con.execute(sql("standardize/aimed_link"))
    con.execute(sql("standardize/replaced_record"))


def _write_links(con: DuckDBPyConnection) -> None:
    """What the affected persons' rows have to do with each other; both ends of a link are rows of one person."""
    if con.execute("SELECT 1 FROM aimed_link LIMIT 1").fetchone():
        for statement in ("standardize/fact", "standardize/fact_link", "omop/fact_relationship"):
            con.execute(sql(statement))
        con.execute(sql("standardize/panel_source"))


def _write_annotations(con: DuckDBPyConnection) -> None:
    """Observations and image features of the readings of the affected persons' studies, and what they agree on."""
    con.execute(sql("standardize/annotation_row"))
    write_rows(con, "observation", sql("omop/annotation_observation"))
    write_rows(con, "image_feature", sql("omop/image_feature"))
    write_rows(con, "observation", sql("omop/annotation_consensus"))
    if con.execute("SELECT 1 FROM annotation_row WHERE repeats IS NOT NULL LIMIT 1").fetchone():
        con.execute(sql("imaging/repeated_reading"))


def _event_tables(con: DuckDBPyConnection) -> list[str]:
    """The event tables that get rows; observation always may, of ages and of deaths without a day."""
    found = {table for (table,) in con.execute("SELECT DISTINCT omop_table FROM event").fetchall()}
    return [table for table in EVENTS if table in found or table == "observation"]


ALL_CASES = """
    SELECT project_id, case_key FROM midrc."case"
    UNION SELECT project_id, case_key FROM midrc.imaging_series WHERE case_key IS NOT NULL
    UNION SELECT project_id, case_key FROM midrc.imaging_study
    UNION SELECT project_id, case_key FROM harmonize.person_case
"""
"""A query of every case of the store, as after a change of vocabulary."""


def link_to_studies(con: DuckDBPyConnection) -> None:
    """Give the series and annotations that name their study its case, as it is loaded now; series UID and day too."""
    con.execute(sql("hub/series_of_study"))
    if con.execute("SELECT 1 FROM midrc.annotation LIMIT 1").fetchone():
        con.execute(sql("hub/annotation_of_study"))
    else:
        con.execute(sql("hub/no_annotation"))


def _take_out(con: DuckDBPyConnection) -> None:
    """Take the affected persons' rows out of omop; ids wait in row_id_retired."""
    con.execute(sql("standardize/affected_person"))
    known = con.execute("SELECT count(*) FROM affected_person").fetchone()
    if known and known[0]:
        if con.execute("SELECT 1 FROM omop.fact_relationship LIMIT 1").fetchone():
            con.execute(sql("standardize/fact"))
            con.execute(sql("standardize/fact_unlinked"))
        for table in PERSON_TABLES:
            remove_rows(con, table, AFFECTED)
        con.execute(f"DELETE FROM harmonize.person_age WHERE {AFFECTED}")


def _rederive_hub(con: DuckDBPyConnection, present: set[str]) -> None:
    """Hub rows that no record names itself (studies made from their series, cases that have images only), and which
    readings repeat those of another source."""
    for table in ("imaging_study", '"case"'):
        con.execute(
            f"DELETE FROM midrc.{table} AS h USING affected_case a "
            "WHERE h.project_id = a.project_id AND h.case_key = a.case_key AND h.mapping_id = 0"
        )
    if present & {"imaging_series", "imaging_study"}:
        con.execute(sql("hub/imaging_study"))
        code_studies(con)
        con.execute(sql("hub/imaging_only_case"))
    if "annotation" in present:
        con.execute(sql("hub/repeated_annotation"))


def _shared_rows(con: DuckDBPyConnection) -> None:
    for table in SHARED:
        remove_rows(con, table, "true")
    con.execute(sql("standardize/no_shared_row"))
    named = {table for (table,) in con.execute(sql("standardize/shared_named")).fetchall()}
    if "location" in named:
        write_rows(con, "location", sql("omop/location"))
    if "care_site" in named:
        write_rows(con, "care_site", sql("omop/care_site"), keep="care_site_row")
    if "provider" in named:
        write_rows(con, "provider", sql("omop/provider"), keep="provider_row")
        con.execute(sql("standardize/provider_role"))


def _resolve(con: DuckDBPyConnection) -> None:
    """What every coding of the affected rows stands for, and which of several codings speaks."""
    from harmonize.vocabulary.resolve import resolve

    con.execute(sql("standardize/hub_codings"))
    con.execute(sql("standardize/codings_used"))
    has_several = con.execute("SELECT 1 FROM codings_used LIMIT 1").fetchone() is not None
    con.execute(sql("standardize/coding_candidate" if has_several else "standardize/no_coding"))
    con.execute(sql("standardize/coding_used"))
    resolve(con)
    if has_several:
        con.execute(sql("standardize/coding_choice"))
    con.execute(sql("standardize/source_type"))


def describe_store(con: DuckDBPyConnection) -> None:
    """cdm_source (one row, else OHDSI tools refuse the file) and metadata, from the records that are current now."""
    for table in ("cdm_source", "metadata"):
        con.execute(f"DELETE FROM omop.{table}")
        con.execute(sql(f"omop/{table}"))
