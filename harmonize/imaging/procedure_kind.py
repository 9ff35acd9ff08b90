"""Of which modality and region studies and procedures are, so that the two can be recognised as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.imaging.loinc_codes import codes
from harmonize.imaging.study_parts import read_parts
from harmonize.imaging.study_rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duckdb import DuckDBPyConnection

Kind = tuple[str, list[str]]


def fill_procedure_kind(con: DuckDBPyConnection) -> None:
    """Fill the temp table procedure_kind: family and regions of each of described_procedure that names a modality."""
    described = con.execute("FROM described_procedure").fetchall()
    kinds = [(concept, text, *procedure_kind(name or text, code)) for concept, text, name, code in described]
    _insert(con, "procedure_kind", [row for row in kinds if row[2]])


def fill_study_kind(con: DuckDBPyConnection) -> None:
    """Fill the temp table study_kind: family and regions of each distinct description of study_row."""
    studies = con.execute("SELECT DISTINCT modality, study_description, region FROM study_row").fetchall()
    _insert(con, "study_kind", [(*row, *study_kind(*row)) for row in studies])


def fill_day_kind(con: DuckDBPyConnection) -> None:
    """Fill the temp table day_kind: the kind and words of each distinct description of day_exam and day_study, of
    procedures those that name a modality."""
    described = con.execute(
        "SELECT DISTINCT node, modality, description, body_part, loinc_code FROM day_exam UNION"
        " SELECT DISTINCT 'study', modality, description, body_part, NULL FROM day_study"
    ).fetchall()
    kinds: dict[tuple[str, tuple[str, ...]], int] = {}
    texts: dict[str, int] = {}
    rows = []
    for node, modality, description, part, code in described:
        is_procedure = node == "procedure"
        kind = procedure_kind(description, code) if is_procedure else study_kind(modality, description, part)
        family, regions = kind
        if is_procedure and not family:
            continue
        number = kinds.setdefault((family, tuple(regions)), len(kinds))
        text = texts.setdefault(description.strip().upper(), len(texts)) if description else None
        rows.append((node, modality, description, part, code, number, family, regions, text))
    _insert(con, "day_kind", rows)


def study_kind(modality: str | None, description: str | None, region: str | None) -> Kind:
    """Family and large regions of a study; `region`, known otherwise, counts where its description names none."""
    parts = read_parts(modality, description)
    return parts.family, _large(parts.region or read_parts(modality, region).region)


def procedure_kind(name: str | None, loinc_code: str | None) -> Kind:
    """Family and large regions of a procedure by its LOINC code, else by its name; family '' where it is no imaging."""
    code = codes().get(loinc_code or "")
    if code is not None and code.key is not None:
        families = [family for family in rules().families.values() if code.method in family.allowed]
        return (families[0].name if families else ""), _large(code.key[1] - {"XXX"})
    parts = read_parts(None, name)
    return parts.family, _large(parts.region)


def _large(regions: Iterable[str]) -> list[str]:
    """The largest regions that contain these: the chest of the heart and of the pulmonary arteries."""
    choices = rules().choices
    of_vessels = {vessels: region for region, vessels in choices["vessels"].items()}
    large = set()
    for region in regions:
        while region in choices["broader"] or region in of_vessels:
            region = choices["broader"].get(region) or of_vessels[region]
        large.add("Head" if region == "Brain" else region)
    return sorted(large)


def _insert(con: DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)]
    if columns:
        con.execute(f"INSERT INTO {table} SELECT {', '.join('unnest(?)' for _ in columns)}", columns)
