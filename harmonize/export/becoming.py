"""The SELECT that makes a published table: what becomes of each column, by the words of the allow-list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from harmonize.engine.errors import InternalError
from harmonize.engine.sql_text import literal, quote
from harmonize.export.acts import ACTS, NO_TEXT
from harmonize.export.allow_list import Published, id_numbers
from harmonize.export.coarsen import coarser
from harmonize.export.profiles import Profile, find_profile
from harmonize.export.stored_table import StoredTable

UNTOUCHED = ("as_is", "drop", "settled_uids", "numbered", "day", "offset", "age_low", "age_high")
"""What costs nothing, or does not come from the cell; of all other columns those without any value are no work."""
INLINE = "submitter_id"
"""A column of keys of which each row has its own, so that no table of keys is made for it."""
_KEYS_OF_ROWS = ("person", "provider", "care_site")
_UNKNOWN_NAMES = "('not a column of the schema', 'unread', 'resource_type_not_mapped')"


@dataclass
class Becoming:
    """Builds the SELECT of one table over the relations that sql/export/publish and `Publication` make."""

    table: StoredTable
    profile: Profile = field(default_factory=lambda: find_profile(None))
    joins: list[str] = field(default_factory=list)

    def select(self) -> str:
        """The query of the published rows, in an order that tells nothing of the store's."""
        self.join_policies()
        cells = [f"{self.cell(line)} AS {quote(name)}" for name, line in self.table.columns.items()]
        order, hidden = self._order()
        rows = f"SELECT {', '.join(cells + hidden)} {self.rows()}"
        if not order:
            return rows
        without = " EXCLUDE (tie_)" if hidden else ""
        return f"SELECT *{without} FROM ({rows}) ORDER BY {order}"

    def rows(self) -> str:
        """FROM and what follows: the rows with all that their cells need."""
        return f"FROM {self.table.relation} t {' '.join(self.joins)}{self._where()}"

    def join_policies(self) -> None:
        """p: what holds for the row's project; q: for its person; r: the project and key of a CDM row."""
        table, words = self.table, {line.becomes for line in self.table.lines.values()}
        project = "t.project_id"
        if table.schema == "omop" and words & {"pseudonym", "uid", "public", "place"} and table.own_id:
            self.joins.append(
                f"LEFT JOIN publish_row r ON r.omop_table = {literal(table.name)} AND r.omop_id = t.{table.own_id}"
            )
            project = "r.project_id"
        self.project = project if project == "r.project_id" or "project_id" in table.types else "NULL"
        if self.project != "NULL":
            self.joins.append(f"LEFT JOIN publish_project p ON p.project_id = {self.project}")
        of_person = table.schema == "omop" and "person_id" in table.types
        if of_person:
            self.joins.append("LEFT JOIN publish_person q ON q.person_id = t.person_id")
        elif self._is_of_case and (table.name == "case" or self.profile.is_relative):
            self.joins.append(
                "LEFT JOIN harmonize.person_case c ON c.project_id = t.project_id AND c.case_key = t.case_key "
                "LEFT JOIN publish_person q ON q.person_id = c.person_id"
            )
        if self.profile.is_relative and self.person:
            self.joins.append(f"LEFT JOIN publish_axis z ON z.person_id = {self.person}")
            if "offset" in words:
                self.joins.append("LEFT JOIN harmonize.project h ON h.project_id = t.project_id")
        told_by = "q" if of_person else "p" if self.project != "NULL" else None
        # what is not known of a row counts as what tells least
        self.moved = f"coalesce({told_by}.moved, true)" if told_by else "true"
        self.is_limited = f"coalesce({told_by}.is_limited, false)" if told_by else "false"
        self.is_public = "coalesce(p.has_public_uids, false)" if self.project != "NULL" else "false"

    @property
    def _is_of_case(self) -> bool:
        return self.table.schema == "midrc" and {"project_id", "case_key"} <= set(self.table.types)

    @property
    def person(self) -> str:
        """SQL of the row's person; empty where the table has none, or only a profile of relative days asks for it."""
        if "person_id" in self.table.types:
            return "t.person_id"
        return "c.person_id" if self._is_of_case else ""

    def cell(self, line: Published) -> str:
        """SQL of the published cell of a column; `join_policies` has run."""
        cell = self._cell(line)
        return coarser(self.profile, self.table, line, cell, self.person) if self.profile.coarsen else cell

    def _cell(self, line: Published) -> str:
        type_ = self.table.types[line.column]
        if line.becomes == "drop" or (line.becomes not in UNTOUCHED and line.column not in self.table.filled):
            return f"NULL::{type_}"
        cell = f"t.{quote(line.column)}"
        if line.becomes == "id":
            return self._id(line, cell)
        act = ACTS.get((line.becomes, self.profile.does(line.becomes)))
        if act is not None:
            return act(self, line, cell)
        if has_lookup(self.table, line):
            return self._looked_up(line, cell)
        return self.of_word(line, cell)

    def of_word(self, line: Published, cell: str) -> str:
        """SQL of what becomes of a cell by the kind of its column alone; of a list, of each part of it."""
        make = MADE[line.becomes]
        if self.table.types[line.column].endswith("[]") and line.becomes not in (
            "as_is",
            "public",
            "date",
            "day",
            "offset",
        ):
            return f"list_transform({cell}, lambda x: {make(self, line, 'x')})"
        return make(self, line, cell)

    def _id(self, line: Published, cell: str) -> str:
        alias = f"i{len(self.joins)}"
        target = literal(line.argument)
        if line.argument.startswith("@"):
            column, _, otherwise = line.argument[1:].partition("/")
            self.joins.append(f"LEFT JOIN publish_table_of {alias}t ON {alias}t.name = t.{column}::VARCHAR")
            target = f"coalesce({alias}t.omop_table, {literal(otherwise)})" if otherwise else f"{alias}t.omop_table"
        self.joins.append(f"LEFT JOIN publish_id {alias} ON {alias}.omop_table = {target} AND {alias}.id = {cell}")
        return f"{alias}.published"

    def _looked_up(self, line: Published, cell: str) -> str:
        alias = f"k{len(self.joins)}"
        if line.becomes == "uid":
            self.joins.append(f"LEFT JOIN {key_table('uid')} {alias} ON {alias}.key = {cell}")
            other = f"coalesce({alias}.pseudonym, uid_of({cell}))"
            return f"CASE WHEN {self.is_public} AND is_uid({cell}) THEN {cell} ELSE {other} END"
        self.joins.append(
            f"LEFT JOIN {key_table(line.argument)} {alias} "
            f"ON {alias}.project_id = {self.project} AND {alias}.key = {cell}"
        )
        return f"{alias}.pseudonym"

    def key_of(self, cell: str) -> str:
        """SQL of the source's key behind a cell: a source value of OMOP is cut."""
        is_cut = self.table.schema == "omop" and self.table.name in _KEYS_OF_ROWS
        return f"coalesce(r.key, {cell})" if is_cut else cell

    def _pseudonym(self, line: Published, cell: str) -> str:
        return f"pseudonym_of({literal(line.argument)}, {self.project}, {self.key_of(cell)})"

    def dateless(self, line: Published, cell: str) -> str:
        """SQL of a text of the source without days, where its project moves them."""
        return self._term(line, cell) if line.becomes == "term" else self._text(line, cell)

    def _uid(self, _line: Published, cell: str) -> str:
        return f"CASE WHEN {self.is_public} AND is_uid({cell}) THEN {cell} ELSE uid_of({cell}) END"

    def _text(self, _line: Published, cell: str) -> str:
        return f"CASE WHEN {self.moved} THEN dateless({cell}) ELSE {cell} END"

    def _term(self, _line: Published, cell: str) -> str:
        return f"CASE WHEN {self.moved} THEN dateless_term({cell}) ELSE {cell} END"

    def _note(self, _line: Published, cell: str) -> str:
        return f"CASE WHEN {self.moved} AND {cell} IS NOT NULL THEN {literal(NO_TEXT)} ELSE {cell} END"

    def _age(self, line: Published, cell: str) -> str:
        if self.table.types[line.column].startswith("VARCHAR"):
            return f"age_text_of({cell}, {self.moved})"
        return f"CASE WHEN {cell} < 90 THEN {cell} END"

    def _answer(self, line: Published, cell: str) -> str:
        return (
            f"CASE WHEN t.{line.argument} = 'age_precision' THEN age_text_of({cell}, {self.moved}) "
            f"ELSE {self._text(line, cell)} END"
        )

    def _birth_year(self, _line: Published, cell: str) -> str:
        return f"CASE WHEN {self.is_limited} THEN {cell} ELSE greatest({cell}, q.oldest_year) END"

    def _zip3(self, _line: Published, cell: str) -> str:
        return f"CASE WHEN {self.is_limited} OR regexp_full_match({cell}, '[0-9]{{3}}') THEN {cell} END"

    def _known_name(self, _line: Published, cell: str) -> str:
        shown = f"CASE WHEN t.reason = 'unread' THEN split_part({cell}, '.', 1) || '.***' ELSE '***' END"
        return f"CASE WHEN t.reason IN {_UNKNOWN_NAMES} THEN {shown} ELSE {cell} END"

    def _where(self) -> str:
        """Of the bookkeeping only what is of projects that have rows."""
        if self.table.schema != "harmonize":
            return ""
        conditions = [
            f"t.{column} IN (SELECT {column} FROM {relation})"
            for column, relation in (("project_id", "publish_project"), ("submission_id", "publish_submission"))
            if column in self.table.types
        ]
        return f" WHERE {' AND '.join(conditions)}" if conditions else ""

    def _order(self) -> tuple[str, list[str]]:
        """(ORDER BY, columns that it needs beside the table's own)."""
        columns = self.table.columns
        if is_vocabulary(self.table):
            return "", []
        if self.table.own_id:
            return quote(self.table.own_id), []
        if "submitter_id" in columns and "row_key" in self.table.types:
            # rows of one submitter_id are of one event; among them any order serves that is no order of the store
            return "submitter_id, tie_", ["hash(t.row_key, getvariable('publish_order')) AS tie_"]
        return "ALL", []


MADE: dict[str, Callable[[Becoming, Published, str], str]] = {
    "as_is": lambda _self, _line, cell: cell,
    "day": lambda _self, _line, cell: cell,
    "offset": lambda _self, _line, cell: cell,
    "age_low": lambda _self, _line, cell: cell,
    "age_high": lambda _self, _line, cell: cell,
    "text": Becoming._text,
    "term": Becoming._term,
    "note": Becoming._note,
    "age": Becoming._age,
    "answer": Becoming._answer,
    "birth_year": Becoming._birth_year,
    "date": lambda self, _line, cell: f"CASE WHEN NOT {self.moved} THEN {cell} END",
    "place": lambda self, _line, cell: f"CASE WHEN {self.is_limited} THEN {cell} END",
    "public": lambda self, _line, cell: f"CASE WHEN {self.is_public} THEN {cell} END",
    "zip3": Becoming._zip3,
    "pseudonym": Becoming._pseudonym,
    "uid": Becoming._uid,
    "anchorless": lambda _self, _line, cell: f"regexp_replace({cell}, ' ?(source_)?anchor=\\S+', '', 'g')",
    "described": lambda _self, _line, cell: f"{cell} || getvariable('publish_described')",
    "known_name": Becoming._known_name,
    "numbered": lambda _self, line, _cell: f"{literal(line.argument + ' ')} || t.file_id",
    "settled_uids": lambda self, _line, _cell: f"CASE WHEN {self.is_public} THEN 'public' ELSE 'remap' END",
}
"""SQL of a cell by the word that its column becomes, for what is not looked up."""


def is_vocabulary(table: StoredTable) -> bool:
    """Whether a table says nothing of anybody: the vocabulary, which goes along as it is."""
    from harmonize.vocabulary.athena import TABLES

    return table.schema == "omop" and table.name in (*TABLES, "source_to_concept_map")


def has_lookup(table: StoredTable, line: Published) -> bool:
    """Whether the pseudonyms of a column are made once for each key, and not for each row."""
    in_cdm = table.schema == "omop" and line.becomes == "pseudonym"
    return line.becomes in ("pseudonym", "uid") and not (
        in_cdm or line.column == INLINE or table.types[line.column].endswith("[]")
    )


def key_table(kind: str) -> str:
    """The temp table of the pseudonyms of one kind."""
    return f"publish_key_{kind}"


def id_query(tables: list[StoredTable]) -> str:
    """A query of omop_table, number and id of everything that has a published id: the tables' own ids, and those that
    only references know."""
    owned = {table.name for table in tables if table.own_id}
    own, others = [], []
    for table in tables:
        for line in table.lines.values():
            if line.becomes != "id" or table.schema != "omop" or not table.rows:
                continue
            if line.column == table.own_id:
                own.append(_ids_of(table, line))
            elif line.argument not in owned and not line.argument.startswith("@"):
                others.append(_ids_of(table, line))
    if others:
        own.append(f"SELECT DISTINCT * FROM ({' UNION ALL '.join(others)})")
    return " UNION ALL ".join(own) or "SELECT '' AS omop_table, 0::BIGINT AS number, 0::BIGINT AS id LIMIT 0"


def _ids_of(table: StoredTable, line: Published) -> str:
    number = id_numbers().get(line.argument)
    if number is None:
        raise InternalError(f"id_number.tsv has no number for {line.argument}.")
    cell = f"t.{quote(line.column)}"
    return (
        f"SELECT {literal(line.argument)} AS omop_table, {number}::BIGINT AS number, {cell} AS id "
        f"FROM {table.relation} t WHERE {cell} IS NOT NULL"
    )
