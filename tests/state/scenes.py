"""The scenes whose whole state is compared: what each makes, as texts by the names of its expected files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path

import dicom_files
import golden_inputs
import hub_rows
import mdai_export
from duckdb import DuckDBPyConnection
from hub_cases import Hub
from shown import Shown
from stores import copied

from harmonize.engine.store import Store, open_store
from harmonize.export.gen3 import export_gen3
from harmonize.export.publish import publish
from harmonize.pipeline import changes
from harmonize.pipeline.acts.crosswalk import load_crosswalk
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.acts.withdraw_person import withdraw_person
from harmonize.pipeline.derive import touch_none
from harmonize.pipeline.finish import derive_again
from harmonize.pipeline.foresee import foresee
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.validation.validate import validate

EXPECTED = Path(__file__).parent / "expected"
NOT_SHOWN = frozenset({
    "omop.concept", "omop.concept_class", "omop.concept_relationship", "omop.relationship", "omop.domain",
    "omop.vocabulary", "omop.concept_ancestor", "omop.drug_strength",
    "harmonize.rule", "harmonize.record", "harmonize.lineage",
    "harmonize.concept_layer", "harmonize.store_version", "harmonize.vocabulary_load", "harmonize.row_id",
    "harmonize.value_set", "harmonize.mapping", "harmonize.record_type", "harmonize.mapping_identity",
    "harmonize.store_key", "harmonize.checked_delivery", "harmonize.row_id_retired", "harmonize.file_column",
    "harmonize.expectation",
    "harmonize.custom_concept", "harmonize.covid_test", "harmonize.annotation_consensus",
    "harmonize.audit_entry", "harmonize.submission_step", "harmonize.submission_state",
})  # fmt: skip
"""The vocabulary, numbers and keys, times and who was there, and what other tables show as well."""


def tables(con: DuckDBPyConnection, schemas: tuple[str, ...]) -> dict[str, str]:
    """The tables and views of the schemas that have rows."""
    shown = Shown(con)
    names = con.execute(
        "SELECT table_schema || '.' || table_name, table_schema || '.\"' || table_name || '\"' "
        "FROM information_schema.tables WHERE list_contains($1, table_schema) ORDER BY ALL",
        [list(schemas)],
    ).fetchall()
    queries = {
        "harmonize.row_source": "FROM harmonize.row_source WHERE role = 'support'",  # ids tell the primary ones
        # without the release and the digest of the mapping
        "omop.metadata": "SELECT name, "
        "regexp_replace(value_as_string, ' [0-9a-f]{12}$|^midrc-harmonize .*', '') AS value FROM omop.metadata",
    }
    found = {
        name: shown.table(relation, queries.get(name))
        for name, relation in names
        if name not in NOT_SHOWN and not name.startswith("harmonize.suggest")
    }
    return {name: text for name, text in found.items() if text.count("\n") > 1}


def gen3(folder: Path) -> dict[str, str]:
    """The files of a Gen3 export."""
    files = sorted(folder.glob("*.tsv"))
    return {f"gen3.{file.stem}": file.read_text(encoding="utf-8") for file in files}


def _again(store: Store) -> None:
    """Some cases derived a second time: two persons become one, one becomes two, a patient's records go."""
    with store.transaction() as con:
        changes.begin(con)
        con.execute("DELETE FROM harmonize.crosswalk WHERE (case_key_1, case_key_2) IN (('c1', 'c1'), ('c4', 'c5'))")
        con.execute(
            "INSERT INTO harmonize.crosswalk BY NAME SELECT 'A' AS project_id_1, 'c1' AS case_key_1, "
            "'C' AS project_id_2, 'c2' AS case_key_2, 'crosswalk' AS basis"
        )
        con.execute("DELETE FROM midrc.imaging_series WHERE project_id = 'B' AND case_key = 'i3'")
        con.execute("DELETE FROM midrc.measurement WHERE project_id = 'A' AND case_key = 'c3'")
        touch_none(con)
        con.execute("INSERT INTO touched_case VALUES ('A', 'c1'), ('A', 'c4'), ('C', 'c2'), ('B', 'i3'), ('A', 'c3')")
        derive_again(con)


def hub(empty_store: Path, folder: Path) -> dict[str, str]:
    """Rows of the hub as the sources never give them all at once, derived together."""
    with copied(empty_store, folder) as store:
        filled = Hub(store)
        filled.fill(*hub_rows.hub())
        _again(store)
        export_gen3(store, folder / "gen3", dataset="Batch")
        made = ("imaging_study",)  # all other rows of the hub are as they were written
        texts = tables(store.con, ("omop", "linked", "harmonize"))
        shown = Shown(store.con)
        texts |= {f"midrc.{name}": shown.table(f"midrc.{name}") for name in made}
    return texts | gen3(folder / "gen3")


KEYED = re.compile(r"[a-z_]+-[0-9a-f]{20}|2\.25\.[0-9]+")
"""Pseudonyms of a published file."""
ALL = ("omop", "midrc", "linked", "harmonize", "archive")


def _rows(con: DuckDBPyConnection) -> dict[str, str]:
    """The tables and views; what linked.event says of a delivery stands in the tables of omop as well."""
    return {name: text for name, text in tables(con, ALL).items() if name != "linked.event"}


@contextmanager
def _store(empty_store: Path, folder: Path) -> Iterator[Store]:
    """A new store for a few lines, for which better plans only cost."""
    with copied(empty_store, folder) as store:
        store.con.execute("PRAGMA disable_optimizer")
        yield store


def _told(name: str, paths: list[Path], source: str, mapping: str | None = None) -> dict[str, str]:
    """What validate says of files, as text."""
    out = BytesIO()
    with validate(paths, source=source, mapping=mapping, foresee=foresee) as result:
        result.seconds = 0
        result.write(out, format="csv")
    return {f"told.{name}": out.getvalue().decode().replace(str(paths[0].parent) + "/", "")}


def sites(empty_store: Path, folder: Path) -> dict[str, str]:
    """The tables of hospitals and of a registry: two projects with one site's keys, one of them shifted in days."""
    found: dict[str, str] = {}
    with _store(empty_store, folder) as store:
        set_project(store, "S", time="as_is")
        set_project(store, "R", time="as_is", unknown_age="quarantine")
        for mapping in ("ehr/site_302028", "ehr/site_419639", "ehr/site_514382"):
            files = golden_inputs.tables(mapping)
            golden_inputs.at_the_bounds(mapping, files, 1 if "419639" in mapping else 3)
            paths = golden_inputs.write(folder / mapping, files)
            load(store, paths, source="ehr", mapping=mapping, project="S")
            found |= _told(mapping.replace("/", "_"), paths, "ehr", mapping) if "419639" in mapping else {}
        files = golden_inputs.tables("ehr/covid_19_ny_sbu")
        load(store, golden_inputs.write(folder / "ny", files), source="ehr", mapping="ehr/covid_19_ny_sbu", project="R")
        files = golden_inputs.tables("cirr")
        golden_inputs.at_the_bounds("cirr", files, 5)
        load(store, golden_inputs.write(folder / "cirr", files), source="cirr", mapping="cirr", project="R")
        return found | _rows(store.con)


def resources(empty_store: Path, folder: Path) -> dict[str, str]:
    """FHIR: two projects with the same ids, the second told as of a year later and in part; a later delivery, which
    is withdrawn in one of them; a patient who is withdrawn."""
    first, later = golden_inputs.resources(), golden_inputs.resources(0, 2)
    files = {"F": first, "G": [line.replace('"2020-', '"2021-') for line in golden_inputs.resources(part=2)]}
    with _store(empty_store, folder) as store:
        set_project(store, "G", time="offset", source_anchor=date(2021, 1, 1), anchor=date(2000, 1, 1))
        for project, lines in files.items():
            path = folder / f"{project}.ndjson"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            load(store, [path], source="fhir", project=project)
        path = folder / "later.ndjson"
        path.write_text(
            "\n".join([*later, *(line.replace('"female"', '"male"') for line in golden_inputs.resources(part=12))])
            + "\n"
        )
        found = _told("later", [path], "fhir")
        last = load(store, [path], source="fhir", project="F").submission
        load(store, [path], source="fhir", project="G", mode="snapshot", allow_deletions=True)
        withdraw(store, last)
        withdraw_person(store, "F", golden_inputs.key("fhir", "verification_refuted", "n{}-p1"))
        return found | _rows(store.con)


def images(empty_store: Path, folder: Path) -> dict[str, str]:
    """Gen3 batches, indexes, headers and readings of images, linked, by a crosswalk too, and published."""
    with _store(empty_store, folder) as store:
        files = golden_inputs.tables("gen3/batch")
        golden_inputs.at_the_bounds("gen3/batch", files, 3)
        for project, day in (("Open-A1", date(2020, 1, 1)), ("Open-R1", date(2021, 1, 1))):
            set_project(store, project, time="offset", source_anchor=day, anchor=day)
            paths = golden_inputs.write(folder / project, files, ".tsv", "\t", "_RSNA_20230303")
            load(store, paths, source="gen3", project=project)
            files = golden_inputs.tables("gen3/batch", part=2)
            files = {name: rows for name, rows in files.items() if name in ("case", "visit", "imaging_study")}
        index = mdai_export.write_index(folder, 6)
        reads = [
            mdai_export.read(10 * study + place, study, group, (study * place) % 5)
            for study in range(1, 7)
            for place, group in enumerate(mdai_export.GROUPS)
            if (study + place) % 4
        ]
        load(store, [index], source="idc", project="Open-R1")
        load(store, [mdai_export.write(folder, mdai_export.export(reads, 6))], source="ricord", project="Open-R1")
        _write_headers(folder / "headers")
        found = _told("headers", [folder / "headers"], "dicom")
        set_project(store, "D", time="as_is", shifted_by_source=True)
        load(store, [folder / "headers"], source="dicom", project="D")
        pairs = folder / "pairs.csv"
        one, other = (golden_inputs.key("gen3/batch", name, "A1-{}") for name in ("age_over_89", "age_at_index"))
        pairs.write_text(f"project_id_1,case_key_1,project_id_2,case_key_2\nD,p1,Open-A1,{one}\nD,p2,Open-R1,{other}\n")
        load_crosswalk(store, pairs)
        export_gen3(store, folder / "gen3", project="Open-A1")
        found |= _rows(store.con) | gen3(folder / "gen3")
        store.checkpoints = True
    return found | _published(folder)


def _write_headers(folder: Path) -> None:
    for study, patient, modality in ((1, "p1", "CT"), (2, "p2", "DX"), (3, "p1", "CR")):
        for series in (1, 2):
            for instance in range(1, series + 2):
                more = {"SliceThickness": 1.25 * instance, "Modality": modality, "AccessionNumber": f"acc{study}"}
                name = folder / f"{study}.{series}.{instance}.dcm"
                dicom_files.write(name, patient=patient, study=study, series=series, instance=instance, **more)


def _published(folder: Path) -> dict[str, str]:
    """The published columns: keyed ids and pseudonyms as their rank in their column."""
    publish(folder / "store.duckdb", folder / "public.duckdb")
    with open_store(folder / "public.duckdb", read_only=True) as public:
        names = public.con.execute(
            "SELECT table_schema || '.\"' || table_name || '\"' FROM information_schema.tables "
            "WHERE table_type = 'BASE TABLE' AND table_schema IN ('omop', 'midrc', 'harmonize') ORDER BY ALL"
        ).fetchall()
        lines = []
        for (name,) in names:
            if name not in ('omop."concept"', 'omop."concept_relationship"'):
                lines += _columns(public.con, name)
    return {"published": "\n".join(["table\tcolumn\trows\tvalues\tdistinct\tvalue", *sorted(lines)]) + "\n"}


def _columns(con: DuckDBPyConnection, table: str) -> Iterator[str]:
    """Of each column how many values it has, how many different ones, and, where it holds no key, all of them."""
    for name, kind in con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall():
        row = con.execute(f'SELECT count(*), count("{name}"), count(DISTINCT "{name}") FROM {table}').fetchone()
        if row is None or row[1] == 0:
            continue
        is_number = name.endswith("_id") and not name.endswith("concept_id") and kind.endswith(("INT", "INTEGER"))
        is_told = (
            not is_number
            and not kind.startswith("TIMESTAMP")
            and not name.endswith(("key_mark", "row_key", "release_date"))
        )
        query = f'SELECT DISTINCT "{name}"::VARCHAR FROM {table} WHERE "{name}" IS NOT NULL ORDER BY 1'
        values = (
            [KEYED.sub("(keyed)", value) for (value,) in con.execute(query).fetchall()] if is_told else ["(number)"]
        )
        told = "|".join(sorted(set(values))[:12])
        yield "\t".join([table.replace('"', ""), name, *map(str, row), told[:300].replace("\n", " ")])


SCENES: dict[str, Callable[[Path, Path], dict[str, str]]] = {
    "hub": hub, "sites": sites, "resources": resources, "images": images,
}  # fmt: skip
