"""Names of files and worksheets, and headers: what in them identifies a person, by the rules of texts and by what the
delivery and the store tell of how people are called (see identity)."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.scratch import scratch_database
from harmonize.intake.table.staged import StructureFinding
from harmonize.validation.privacy import identity
from harmonize.validation.privacy.texts import matches, privacy_rules, screened
from harmonize.validation.rules import rule_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef
    from harmonize.validation.rules import RuleText

    Holds = Callable[[str], str | None]

_MANY = 1_000
_PARTS = re.compile(r"([/!#])")
"""What stands between the parts of a name: folders, a file in an archive, a worksheet."""
_JOINTS, _BLANKS = re.compile("[_+]"), re.compile(r"[_+]|-(?=[A-Za-z])")
_BETWEEN = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9]{5})")
_ENDING = re.compile(r"(\.[A-Za-z]{1,7}){1,2}$")


def holds_form(name: str) -> str | None:
    """What a name of a file or column holds that it should not, in words, by the rules of texts."""
    for text in dict.fromkeys(_spellings(name)):
        for rule in _rules_of_names():
            if matches(rule, text):
                return rule.kind
    return None


def holds_forms(names: Collection[str]) -> Holds:
    """`holds_form` for all of these names: of many, those that no rule can concern are told apart by the database."""
    if len(names) < _MANY:
        return holds_form
    texts = {name: [*dict.fromkeys(_spellings(name))] for name in names}
    every = [text for spellings in texts.values() for text in spellings]
    with ExitStack() as stack:
        con = scratch_database(stack, None)
        con.execute("CREATE TABLE spelling AS SELECT DISTINCT unnest($1::VARCHAR[]) AS value", [every])
        concern = {value for (value,) in con.execute(screened("spelling")).fetchall()}
    doubtful = {name for name, spellings in texts.items() if not concern.isdisjoint(spellings)}
    return lambda name: holds_form(name) if name in doubtful or name not in texts else None


@cache
def _rules_of_names() -> tuple[RuleText, ...]:
    return tuple(rule for rule in privacy_rules() if rule.in_names)


def header_holds_form(header: str) -> str | None:
    """The same of a header: one that is a date is somebody's (a first line of data without a header), while files are
    named after days."""
    date = rule_texts()["phi_date"]
    return holds_form(header) or (date.kind if matches(date, header) else None)


def _spellings(name: str) -> tuple[str, ...]:
    """A name as it is, with blanks between its words, with capitals, and as a last name before a first one."""
    spaced = _BETWEEN.sub(" ", _BLANKS.sub(" ", name))
    return name, spaced, spaced.title(), _JOINTS.sub(", ", name).title()


def holds_told(con: DuckDBPyConnection, names: Iterable[str]) -> Holds:
    """What of these names holds how somebody is called, whom the delivery or the store tells (identity_known)."""
    every = sorted({*names})
    con.execute(sql("validation/privacy_hit_table"))
    identity.begin_tokens(con)
    rows = [(name, text) for name in every for text in sorted({*_spellings(name)})]
    put_in = {"names": [name for name, _ in rows], "texts": [text for _, text in rows]}
    con.execute(sql("validation/identity/title"), put_in)
    identity.find_tokens(con, "title_text", [1])
    found = con.execute(
        "SELECT t.name, min(h.rule) FROM title_text t JOIN privacy_hit h USING (value) GROUP BY t.name"
    ).fetchall()
    texts = rule_texts()
    told = {name: texts[rule].kind for name, rule in found}
    return told.get


def parts_of(files: Iterable[SourceFile]) -> set[str]:
    """The parts of the files' names, without and with their endings."""
    parts = {part for file in files for part in _PARTS.split(file.name)}
    return parts | {part.removesuffix(_ending(part)) for part in parts}


def hide_names(files: Sequence[SourceFile], holds: Holds | None = None) -> tuple[list[SourceFile], dict[str, str]]:
    """The files with every part of a name that may identify a person replaced by asterisks and the file's number;
    and what such a name holds, by the name that is now shown. Unless `holds` says otherwise, by the rules of texts.
    """
    holds = holds or holds_forms(parts_of(files))
    hidden: list[SourceFile] = []
    held: dict[str, str] = {}
    for number, file in enumerate(files, start=1):
        parts = _PARTS.split(file.name)
        found = [next(filter(None, map(holds, _bare_and_whole(part))), None) for part in parts]
        name = "".join(f"***{number}{_ending(part)}" if what else part for part, what in zip(parts, found, strict=True))
        hidden.append(file if name == file.name else replace(file, name=name))
        if any(found):
            held[name] = " and ".join(what for what in found if what)
    return hidden, held


def _bare_and_whole(part: str) -> tuple[str, ...]:
    """A part of a name without its ending, and with it where it has one; nothing of what stands between the parts."""
    if _PARTS.fullmatch(part) or not part:
        return ()
    bare = part.removesuffix(_ending(part))
    return (bare,) if bare == part else (bare, part)


def hide_headers(
    staged: Staged, name_holds: str | None, holds: Holds = header_holds_form, known: Collection[str] = ()
) -> Staged:
    """The staged file with every header that may identify a person replaced by asterisks and its position, and with
    the findings of these headers and of the file's name (`name_holds`, see hide_names). Those of columns that are
    `known` by their name in the schema stay.
    """
    found = [StructureFinding("phi_file_name", value=name_holds)] if name_holds else []
    shown: dict[str, str] = {}
    for position, (name, header) in enumerate(zip(staged.names, staged.headers, strict=True), start=1):
        if name not in known and (what := holds(header)):
            shown.setdefault(header, f"***{position}")
            found.append(StructureFinding("phi_header", 1, shown[header], what))
    if not found:
        return staged
    renamed = [replace(f, column=shown.get(f.column, f.column)) if f.column else f for f in staged.findings]
    return replace(
        staged,
        headers=tuple(shown.get(header, header) for header in staged.headers),
        findings=(*renamed, *found),
    )


def hide_told(
    con: DuckDBPyConnection, files: Sequence[SourceFile], tables: Mapping[int, tuple[Staged, ClassDef | None]]
) -> tuple[list[SourceFile], dict[int, tuple[Staged, ClassDef | None]]]:
    """The files and the tables that were staged of them (by the number of the file, counted from 1) without the names
    and headers that hold how somebody is called, whom the delivery or the store tells; the tables have the findings."""
    headers = {header for staged, _ in tables.values() for header in staged.headers}
    holds = holds_told(con, headers | parts_of(files))
    named, held = hide_names(files, holds)
    hidden = {
        number: (hide_headers(staged, held.get(named[number - 1].name), holds, cls.slots if cls else ()), cls)
        for number, (staged, cls) in tables.items()
    }
    return named, hidden


def _ending(name: str) -> str:
    found = _ENDING.search(name)
    return found[0] if found else ""
