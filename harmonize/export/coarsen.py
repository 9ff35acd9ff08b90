"""What a release tells of a person in fewer words than its profile would, as the rules of its project say.

It is done to the cell that the profile has made, so that ages that are relative already become groups of ages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.export.allow_list import Published
    from harmonize.export.profiles import Profile
    from harmonize.export.stored_table import StoredTable

YEARS = {"decade": 10, "twenty_years": 20}
"""Into groups of so many years years of birth and ages go."""
_OF_BIRTH = {
    ("omop", "person"): {"month_of_birth", "day_of_birth", "birth_datetime"},
    ("midrc", "case"): {"birth_month", "birth_date"},
}
"""What tells more of a birth than its group of years."""
_OF_PLACE = {("omop", "location"): {"state"}, ("midrc", "case"): {"residence_state"}}
"""What tells a region; the three digits of a ZIP code are known by their kind."""
_OF_PERSON = {
    "sex": {
        ("omop", "person"): {"gender_concept_id", "gender_source_value", "gender_source_concept_id"},
        ("midrc", "case"): {"sex", "sex_source", "gender_coding"},
    },
    "race": {
        ("omop", "person"): {"race_concept_id", "race_source_value", "race_source_concept_id"},
        ("midrc", "case"): {"race", "race_source", "race_coding"},
    },
    "ethnicity": {
        ("omop", "person"): {"ethnicity_concept_id", "ethnicity_source_value", "ethnicity_source_concept_id"},
        ("midrc", "case"): {"ethnicity", "ethnicity_source", "ethnicity_coding"},
    },
}
_OF_BOTH = {"race_ethnicity", "race_ethnicity_detail", "race_ethnicity_write_in"}
"""Columns of midrc.case that tell race and ethnicity in one."""


def make_rare(con: DuckDBPyConnection, profile: Profile) -> None:
    """Temp table publish_rare(what, person_id): whose sex, race or ethnicity fewer than `least` have."""
    if "rare_withheld" in profile.coarsen.values():
        con.execute(sql("export/publish/rare"), {"least": profile.least})


def coarser(profile: Profile, table: StoredTable, line: Published, cell: str, person: str) -> str:
    """SQL of the cell in fewer words; the cell itself where nothing is to be done. `person` is SQL of whose it is."""
    type_, where = table.types[line.column], (table.schema, table.name)
    if years := YEARS.get(profile.coarsen.get("birth_year", "")):
        if line.column in _OF_BIRTH.get(where, ()):
            return f"NULL::{type_}"
        cell = _grouped(line, type_, cell, years)
    if _is_place(profile, line, where):
        return f"NULL::{type_}"
    for what, columns in _OF_PERSON.items():
        how = profile.coarsen.get(what)
        is_both = what != "sex" and where == ("midrc", "case") and line.column in _OF_BOTH
        if how and (is_both or line.column in columns.get(where, ())):
            nothing = "0" if line.column.endswith("_concept_id") else "NULL"
            rare = f"SELECT person_id FROM publish_rare WHERE what = '{what}'"
            known = f"{person} IN ({rare})" if how == "rare_withheld" else "true"
            cell = f"CASE WHEN {known} THEN {nothing} ELSE {cell} END::{type_}"
    return cell


def _is_place(profile: Profile, line: Published, where: tuple[str, str]) -> bool:
    """Whether a column tells where a person lives more closely than the rules of the project allow."""
    how = profile.coarsen.get("zip")
    return how is not None and (
        line.becomes == "zip3" or (how == "withheld" and line.column in _OF_PLACE.get(where, ()))
    )


def _grouped(line: Published, type_: str, cell: str, years: int) -> str:
    """Years of birth and ages by the first of their group; words of an age go."""
    if line.becomes == "answer":
        return f"CASE WHEN t.{quote(line.argument)} = 'age_precision' THEN NULL ELSE {cell} END"
    if line.becomes not in ("birth_year", "age", "age_low", "age_high"):
        return cell
    if type_.startswith("VARCHAR"):
        return f"NULL::{type_}"
    last = f" + {years - 1}" if line.becomes == "age_high" else ""
    return f"(floor(({cell}) / {years}) * {years}{last})::{type_}"
