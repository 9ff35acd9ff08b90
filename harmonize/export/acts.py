"""What a profile of de-identification does to a cell where it does more than the projects' own policies: SQL by the
kind of column and the word of the profile. Cells come whole, lists included."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from harmonize.engine.sql_text import literal, literals, quote
from harmonize.validation.rules import listed

if TYPE_CHECKING:
    from harmonize.export.allow_list import Published
    from harmonize.export.stored_table import StoredTable

NO_TEXT = "[text not published]"
UNDER = "chr(31)"
"""What stands between the parts of what a code is of."""
HOMES = {"location": "location_id", "care_site": "care_site_id", "provider": "provider_id"}
"""Tables of OMOP without persons, and the column of omop.person that leads to them."""


class Cells(Protocol):
    """What makes the cells of one table: its joins, and what they tell of a row."""

    table: StoredTable
    joins: list[str]
    project: str

    @property
    def person(self) -> str:
        """SQL of the row's person, or nothing."""

    def key_of(self, cell: str) -> str:
        """SQL of the key behind a cell."""

    def dateless(self, line: Published, cell: str) -> str:
        """SQL of a text without days."""

    def of_word(self, line: Published, cell: str) -> str:
        """SQL of a cell by the kind of its column alone."""


def withheld(becoming: Cells, line: Published) -> str:
    """SQL of a cell that tells nothing: NULL, or where a table forbids that a text that says so."""
    table = becoming.table
    is_text = table.types[line.column] == "VARCHAR"
    return literal(NO_TEXT) if line.column in table.not_null and is_text else f"NULL::{table.types[line.column]}"


def named(becoming: Cells, line: Published, key: str) -> str:
    """SQL of what a code is of: kind, project and key; a UID is one all over the world."""
    if line.becomes == "uid":
        return f"'uid' || {UNDER} || {UNDER} || {key}"
    return f"{literal(line.argument)} || {UNDER} || coalesce({becoming.project}, '') || {UNDER} || {key}"


def _coded(becoming: Cells, line: Published, cell: str) -> str:
    alias = f"k{len(becoming.joins)}"
    if becoming.table.types[line.column].endswith("[]"):
        each = f"unnest(list_transform({cell}, lambda x: {named(becoming, line, 'x')})) AS named"
        parts = f"SELECT {each}, generate_subscripts({cell}, 1) AS place"
        codes = f"SELECT list(k.code ORDER BY u.place) FROM ({parts}) u LEFT JOIN publish_code k ON k.named = u.named"
        return f"CASE WHEN len({cell}) > 0 THEN ({codes}) ELSE {cell} END"
    of = named(becoming, line, becoming.key_of(cell))
    becoming.joins.append(f"LEFT JOIN publish_code {alias} ON {alias}.named = {of}")
    return f"{alias}.code"


def _dropped(becoming: Cells, line: Published, cell: str) -> str:
    return f"CASE WHEN {cell} IS NOT NULL THEN {withheld(becoming, line)} END"


def _kept(_becoming: Cells, _line: Published, cell: str) -> str:
    return cell


def _relative_day(becoming: Cells, line: Published, cell: str) -> str:
    """The day on the person's own axis; a time of the day is midnight."""
    type_ = becoming.table.types[line.column]
    return f"({cell}::DATE + z.moved_by)::{type_}" if becoming.person else withheld(becoming, line)


def _relative_offset(becoming: Cells, line: Published, cell: str) -> str:
    """Days from the person's first day instead of from the project's day 0, where the project counts days."""
    type_ = becoming.table.types[line.column]
    counted = "date_diff('day', z.first_day, h.anchor)"
    return f"({cell} + {counted})::{type_}" if becoming.person else withheld(becoming, line)


def _relative_birth_year(_becoming: Cells, _line: Published, cell: str) -> str:
    return f"greatest({cell} + z.years_moved, z.oldest_year)::INTEGER"


def _age_at_last(becoming: Cells, line: Published, cell: str) -> str:
    """No age of whoever is over 89 on the last published day; of others as ever."""
    capped = becoming.of_word(line, cell)
    over = literal("90+") if becoming.table.types[line.column] == "VARCHAR" else "NULL"
    return f"CASE WHEN NOT {_over(becoming)} THEN {capped} WHEN {cell} IS NOT NULL THEN {over} END"


def _answer_at_last(becoming: Cells, line: Published, cell: str) -> str:
    """The text of an age, and every other answer as a text that many have."""
    age = f"CASE WHEN {_over(becoming)} THEN '90+' ELSE age_text_of({cell}, true) END"
    return f"CASE WHEN t.{line.argument} = 'age_precision' THEN {age} ELSE {_common(becoming, line, cell)} END"


def _low_at_last(becoming: Cells, _line: Published, cell: str) -> str:
    return f"CASE WHEN {cell} IS NULL THEN NULL WHEN {_over(becoming)} THEN 90 ELSE {cell} END"


def _high_at_last(becoming: Cells, _line: Published, cell: str) -> str:
    return f"CASE WHEN NOT {_over(becoming)} THEN {cell} END"


def _over(becoming: Cells) -> str:
    """Whether the person is over 89; of whom nothing is known counts as one who is."""
    return "coalesce(z.is_over_89, true)" if becoming.person else "true"


def _restricted(_becoming: Cells, _line: Published, cell: str) -> str:
    small = literals(listed("restricted_zip3"))
    return f"CASE WHEN {cell} IN ({small}) THEN '000' WHEN regexp_full_match({cell}, '[0-9]{{3}}') THEN {cell} END"


def _redacted(becoming: Cells, line: Published, cell: str) -> str:
    alias = f"n{len(becoming.joins)}"
    becoming.joins.append(f"LEFT JOIN publish_redacted {alias} ON {alias}.value = {cell}")
    return f"CASE WHEN {cell} IS NOT NULL THEN coalesce({alias}.told, {literal(NO_TEXT)}) END"


def common_value(becoming: Cells, line: Published, cell: str) -> str:
    """SQL of the text by which persons are counted: without days; of a list the whole list."""
    if becoming.table.types[line.column].endswith("[]"):
        return f"list_transform({cell}, lambda x: {becoming.dateless(line, 'x')})"
    return becoming.dateless(line, cell)


def _common(becoming: Cells, line: Published, cell: str) -> str:
    """A text that enough persons have; none of a table that is of no persons."""
    if common_persons(becoming):
        value, name = common_value(becoming, line, cell), literal(column_name(line))
        few = withheld(becoming, line)
        known = f"SELECT value FROM publish_common WHERE column_name = {name}"
        return f"CASE WHEN {value}::VARCHAR IN ({known}) THEN {value} WHEN {cell} IS NOT NULL THEN {few} END"
    return _dropped(becoming, line, cell)


def common_persons(becoming: Cells) -> str:
    """What joins a table to its persons, as `FROM ... o` with o.person_id; empty where nobody is told."""
    table = becoming.table
    if becoming.person:
        return f"{table.relation} t"
    if table.schema == "omop" and table.name in HOMES:
        return f"{table.relation} t JOIN omop.person o ON o.{HOMES[table.name]} = t.{HOMES[table.name]}"
    return ""


def column_name(line: Published) -> str:
    """A column's whole name."""
    return f"{line.schema}.{line.table}.{line.column}"


Act = Callable[[Cells, "Published", str], str]
ACTS: dict[tuple[str, str], Act] = {
    ("pseudonym", "coded"): _coded,
    ("uid", "coded"): _coded,
    ("public", "dropped"): _dropped,
    ("date", "dropped"): _dropped,
    ("day", "relative"): _relative_day,
    ("offset", "relative"): _relative_offset,
    ("birth_year", "relative"): _relative_birth_year,
    ("age", "capped_at_last"): _age_at_last,
    ("answer", "capped_at_last"): _answer_at_last,
    ("age_low", "capped_at_last"): _low_at_last,
    ("age_high", "capped_at_last"): _high_at_last,
    ("zip3", "restricted"): _restricted,
    ("zip3", "kept"): _kept,
    ("place", "kept"): _kept,
    ("place", "dropped"): _dropped,
    ("text", "common"): _common,
    ("term", "common"): _common,
    ("note", "dropped"): _dropped,
    ("note", "redacted"): _redacted,
}
"""By the kind of a column and what its profile says; what is not here is done by the kind alone."""


def common_queries(becoming: Cells, profile_words: frozenset[str]) -> list[str]:
    """Queries of column_name, value and person_id: which persons have which text, of the columns that tell only what
    many have. `join_policies` has run."""
    persons, table = common_persons(becoming), becoming.table
    if not persons or not table.rows:
        return []
    person = becoming.person or "o.person_id"
    found = []
    for name, line in table.columns.items():
        if line.becomes in profile_words and name in table.filled:
            value = common_value(becoming, line, f"t.{quote(name)}")
            rows = f"FROM {persons} {' '.join(becoming.joins)}"
            found.append(
                f"SELECT {literal(column_name(line))} AS column_name, {value}::VARCHAR AS value, {person} AS person_id "
                f"{rows} WHERE t.{quote(name)} IS NOT NULL"
            )
    return found
