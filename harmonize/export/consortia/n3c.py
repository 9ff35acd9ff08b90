"""An extract for N3C: OMOP 5.3.1 in DATAFILES/, and beside them what the site says of it and the counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote
from harmonize.export.consortia.form import read_form
from harmonize.export.consortia.source import Copying, open_source
from harmonize.export.consortia.write import exporting, write_rows

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.export.consortia.form import Form
    from harmonize.export.consortia.source import Source
    from harmonize.export.consortia.write import ConsortiumExport

LONGEST_SHIFT = 364
"""Days by which the policy `shifted` moves the dates of a case at most (harmonize/pipeline/project.py)."""
UNKNOWN = "NA"
"""What the manifest says where nobody knows by how many days dates were moved."""


@dataclass(frozen=True)
class Site:
    """What the manifest says of the site, and of the run. `next_submission` and `max_shift_days` may be unknown."""

    abbrev: str
    name: str
    contact: str
    email: str
    run_date: date
    next_submission: date | None = None
    max_shift_days: int | None = None


def export_n3c(db: Path, to: Path, site: Site, *, copying: Copying | None = None) -> ConsortiumExport:
    """Write MANIFEST.csv, DATA_COUNTS.csv and DATAFILES/ into the folder `to`, and beside it what the rules refuse.

    `db` is a published file, or a store, of which a copy is published first unless `copying` says `internal`.
    Raises as `open_source` and `exporting`, InputError for a site that does not say who it is.
    """
    if missing := [name for name in ("abbrev", "name", "contact", "email") if not getattr(site, name).strip()]:
        raise InputError(f"The manifest needs the site's {', '.join(missing)}.")
    form = read_form("n3c")
    with open_source(db, copying or Copying()) as source, exporting(source, form, to) as (result, folder):
        counts = _counts(form, result)
        write_rows(folder / "MANIFEST.csv", form, _manifest(source, site))
        write_rows(folder / "DATA_COUNTS.csv", form, [["TABLE_NAME", "ROW_COUNT"], *counts])
        header = ["TABLE_NAME", "DUP_COUNT"]
        write_rows(folder / form.place("extract_validation"), form, [header, *_repeated(source)])
        return result


def _counts(form: Form, result: ConsortiumExport) -> list[list[str]]:
    """The rows of each file, by the table's name."""
    return [[table.name.upper(), str(result.files[form.place(table.name)])] for table in form.tables if table.is_filled]


def _repeated(source: Source) -> list[list[str]]:
    """Tables in which several rows that are sent have one key, and by how many: there is to be none."""
    found = source.con.execute(sql("export/consortia/repeated")).fetchall()
    return [[table.upper(), str(count)] for table, count in found]


def _manifest(source: Source, site: Site) -> list[list[str]]:
    """The header and the one row of the manifest."""
    facts = source.con.execute(sql("export/consortia/n3c_facts").format(cdm=quote(source.cdm_schema))).fetchone()
    is_shifted, within_a_year, vocabulary, reaches = facts or (False, True, None, None)
    days = site.max_shift_days if site.max_shift_days is not None else LONGEST_SHIFT if within_a_year else None
    row = {
        "SITE_ABBREV": site.abbrev,
        "SITE_NAME": site.name,
        "CONTACT_NAME": site.contact,
        "CONTACT_EMAIL": site.email,
        "CDM_NAME": "OMOP",
        "CDM_VERSION": "5.3.1",
        "VOCABULARY_VERSION": vocabulary or "",
        "N3C_PHENOTYPE_YN": "N",
        "N3C_PHENOTYPE_VERSION": "",
        "SHIFT_DATE_YN": "Y" if is_shifted else "N",
        "MAX_NUM_SHIFT_DAYS": (UNKNOWN if days is None else str(days)) if is_shifted else "0",
        "RUN_DATE": _time(site.run_date),
        "UPDATE_DATE": _time(reaches),
        "NEXT_SUBMISSION_DATE": _time(site.next_submission),
    }
    return [list(row), list(row.values())]


def _time(day: date | None) -> str:
    return "" if day is None else f"{day.isoformat()} 00:00:00"
