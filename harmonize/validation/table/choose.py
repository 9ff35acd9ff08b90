"""Which class of a source schema a file holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, nearest
from harmonize.engine.sql_text import quote
from harmonize.intake.table.dialect import safe_names
from harmonize.intake.table.header import as_seen, listed, parse_header_rows

_NUMBERED = re.compile(r"\s*#\s*[0-9]+\s*$")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.table.header import HeaderRows
    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef, Schema, Slot


def choose_class(
    schema: Schema,
    headers: Sequence[str],
    file_name: str,
    *,
    complete: bool = True,
    most_frequent: Callable[[str], str | None] = lambda column: None,
) -> tuple[ClassDef, str]:
    """The class whose columns the file shares most, and a sentence that says why.

    A file fits a class if all required columns are there; with `complete` off (to report what is missing)
    also if it has half of them and half of its own columns are known. A required column whose enum has a single
    value (the column `type` of a Gen3 node) names its class; `most_frequent` gives the value that a column of the
    file has most often. Where the file's name (class annotation `file_pattern`, shell style, several divided by `|`)
    says otherwise, the columns decide between the two; else the name decides between equals. Raises InputError where
    no class fits: it names the nearest.
    """
    candidates = _classes(schema)
    staged = safe_names(headers)
    columns = {cls.name: dict(zip(spelled_names(cls, headers), staged, strict=True)) for cls in candidates}
    spelled = {name: set(found) for name, found in columns.items()}
    named = [cls for cls in candidates if _names_itself(cls, columns[cls.name], most_frequent)]
    by_name = class_of_name(schema, file_name)
    if named and by_name is not None and by_name not in named:
        named = [*named, by_name]

    def fit(cls: ClassDef) -> tuple[bool, int, int]:
        return _fit(cls, spelled[cls.name])

    ranked = sorted(named or candidates, key=lambda cls: (fit(cls), len(named) < 2 and cls is by_name), reverse=True)
    if not ranked:
        raise InputError(f"Schema {schema.name} has no class that a file could hold.")
    best = ranked[0]
    names = spelled[best.name]
    shared, lacking = _shared(best, names), _lacks(best, names)
    required = sum(slot.required or slot.identifier for slot in best.slots.values())
    if shared and (not lacking or (not complete and 2 * len(lacking) <= required and 2 * shared >= len(names))):
        equals = [cls for cls in ranked[1:] if fit(cls) == fit(best)]
        why = f"{shared} of its {len(headers)} columns are those of class {best.name}"
        if not equals or len(named) > 1:
            return best, f"{why}."
        if best is by_name:
            return best, f"{why}, and so is its name."
        raise InputError(
            f"{file_name}: its columns fit class {best.name} and class {equals[0].name} alike.",
            "Give the classes of the schema a file_pattern that tells their files apart.",
        )
    closest = max(ranked, key=lambda cls: _shared(cls, spelled[cls.name]))
    lacking = _lacks(closest, spelled[closest.name]) or [slot.header for slot in closest.slots.values()]
    hints = [
        f"{header!r} (like {near!r})" if (near := nearest(header, headers)) else repr(header) for header in lacking[:8]
    ]
    more = "" if len(lacking) <= 8 else f" and {len(lacking) - 8} more"
    raise InputError(
        f"{file_name}: its columns fit no class of {schema.name}; nearest is {closest.name}, of which "
        f"{', '.join(hints)}{more} {'is' if len(lacking) == 1 else 'are'} missing.",
        f"The file has: {listed(headers, 12)}",
    )


@dataclass(frozen=True)
class Taken:
    """What a staged file is taken for: the file with its columns named as the class does, the class, and why a load
    refuses it. A file without a class is none that the schema knows; one with a class and a refusal lacks required
    columns, and is checked all the same."""

    staged: Staged
    cls: ClassDef | None
    refusal: InputError | None = None


def take(con: DuckDBPyConnection, schema: Schema, staged: Staged, file_name: str) -> Taken:
    """Choose a staged file's class, for a validation and a load alike."""
    values = most_frequent_value(con, staged)
    refusal = None
    try:
        cls, _ = choose_class(schema, staged.headers, file_name, most_frequent=values)
    except InputError as problem:
        refusal = problem
        try:
            cls, _ = choose_class(schema, staged.headers, file_name, complete=False, most_frequent=values)
        except InputError:
            return Taken(staged, None, refusal)
    return Taken(take_spellings(con, staged, cls), cls, refusal)


def most_frequent_value(con: DuckDBPyConnection, staged: Staged) -> Callable[[str], str | None]:
    """What choose_class asks of a staged file: the value that a column has most often, of equals the smallest."""

    @cache
    def value(column: str) -> str | None:
        name = quote(column)
        row = con.execute(
            f"SELECT {name} FROM {staged.table} WHERE {name} IS NOT NULL "
            f"GROUP BY ALL ORDER BY count(*) DESC, {name} LIMIT 1"
        ).fetchone()
        return str(row[0]) if row else None

    return value


def _names_itself(cls: ClassDef, columns: dict[str, str], most_frequent: Callable[[str], str | None]) -> bool:
    """Whether a column of the file says that it holds this class; `columns` are its columns by the slot's name."""
    return any(
        slot.required
        and slot.name in columns
        and len(slot.permissible_values or ()) == 1
        and most_frequent(columns[slot.name]) == (slot.permissible_values or ("",))[0]
        for slot in cls.slots.values()
    )


def _fit(cls: ClassDef, names: set[str]) -> tuple[bool, int, int]:
    """How well the columns fit: nothing required is missing, most are shared, fewest of the class are missing."""
    shared = _shared(cls, names)
    return not _lacks(cls, names), shared, shared - len(cls.slots)


def _shared(cls: ClassDef, names: set[str]) -> int:
    return len(names & set(cls.slots))


def _lacks(cls: ClassDef, names: set[str]) -> list[str]:
    """Headers of the required columns that the file lacks."""
    return [slot.header for slot in cls.slots.values() if (slot.required or slot.identifier) and slot.name not in names]


def class_of_name(schema: Schema, file_name: str) -> ClassDef | None:
    """The class whose file_pattern the name matches; of several the one with the longest pattern, of equals none."""
    base = file_name.replace("!", "/").rpartition("/")[2].lower()
    matched = {
        cls.name: max(len(pattern) for pattern in patterns)
        for cls in _classes(schema)
        if (patterns := [p for p in cls.annotations.get("file_pattern", "").split("|") if fnmatch(base, p.lower())])
    }
    longest = [name for name, length in matched.items() if length == max(matched.values())]
    return schema.classes[longest[0]] if len(longest) == 1 else None


def header_rows(schema: Schema, file_name: str) -> HeaderRows | None:
    """The rows on which a file's header stands: as the class says that its name points to, else as all classes say."""
    named = class_of_name(schema, file_name)
    said = {class_header_rows(cls) for cls in ([named] if named else _classes(schema))}
    return said.pop() if len(said) == 1 else None


def class_header_rows(cls: ClassDef) -> HeaderRows | None:
    """The class annotation `header_rows`; None is the first row that is not blank.

    Raises InputError for an annotation that names no rows.
    """
    text = cls.annotations.get("header_rows")
    try:
        return parse_header_rows(text) if text else None
    except InputError as error:
        raise InputError(f"header_rows of class {cls.name}: {error.message}", error.hint) from error


def _classes(schema: Schema) -> list[ClassDef]:
    return [cls for cls in schema.classes.values() if not cls.abstract and not cls.mixin]


def spelled_names(cls: ClassDef, headers: Sequence[str], staged: Sequence[str] = ()) -> list[str]:
    """Safe names of the headers (or those `staged`); those that look like a slot's header or a known spelling of it
    (slot annotation `spellings`, divided by `|`) replaced by the slot's name where the file does not have that itself.
    """
    names = list(staged) or safe_names(headers)
    for said in (_headings, _spellings, _links):
        seen = [_unnumbered(header) if said is _links else as_seen(header) for header in headers]
        meant: dict[str, set[str]] = {}
        for slot in cls.slots.values():
            for text in said(slot) if slot.name not in names else ():
                meant.setdefault(as_seen(text), set()).add(slot.name)
        alone = {text: found.pop() for text, found in meant.items() if text and len(found) == 1}
        for position in _nearest_first(names, alone.values()):
            name = alone.get(seen[position])
            if name is not None and names[position] not in cls.slots and name not in names:
                names[position] = name
    return names


def _headings(slot: Slot) -> tuple[str, ...]:
    return slot.header, slot.name


def _spellings(slot: Slot) -> tuple[str, ...]:
    return tuple(slot.annotations.get("spellings", "").split("|"))


def _links(slot: Slot) -> tuple[str, ...]:
    """The headers of a link, without the number of each of its columns (cases.submitter_id#1)."""
    return _headings(slot) if "link" in slot.annotations else ()


def _unnumbered(header: str) -> str:
    """A header as it is seen, without the number that tells the columns of one link apart, as Gen3 writes them."""
    return _NUMBERED.sub("", as_seen(header))


def _nearest_first(names: list[str], slots: Iterable[str]) -> list[int]:
    """Positions of the columns: first those that differ from a slot by case alone, which DuckDB takes for the same."""
    folded = {slot.casefold() for slot in slots}
    return sorted(range(len(names)), key=lambda position: names[position].casefold() not in folded)


def take_spellings(con: DuckDBPyConnection, staged: Staged, cls: ClassDef) -> Staged:
    """The staged file with its columns of known spellings renamed to their slots; the headers stay as sent. Several
    columns of one link become one, with commas between their values."""
    staged = _joined_links(con, staged, cls)
    names = spelled_names(cls, staged.headers, staged.names)
    changed = [(old, new) for old, new in zip(staged.names, names, strict=True) if old != new]
    for old, new in changed:
        con.execute(f"ALTER TABLE {staged.table} RENAME COLUMN {quote(old)} TO {quote(new)}")
    return replace(staged, names=tuple(names)) if changed else staged


def _joined_links(con: DuckDBPyConnection, staged: Staged, cls: ClassDef) -> Staged:
    """The staged file without the second and further columns of a link, whose values the first one takes."""
    links = {as_seen(text) for slot in cls.slots.values() for text in _links(slot)}
    columns: dict[str, list[int]] = {}
    for position, header in enumerate(staged.headers):
        plain = _unnumbered(header)
        if plain in links and plain != as_seen(header):
            columns.setdefault(plain, []).append(position)
    gone = {position for positions in columns.values() for position in positions[1:]}
    for first, *more in columns.values():
        if more:
            values = ", ".join(f"nullif(trim({quote(staged.names[place])}), '')" for place in (first, *more))
            name = quote(staged.names[first])
            con.execute(f"UPDATE {staged.table} SET {name} = nullif(concat_ws(',', {values}), '')")
    for position in gone:
        con.execute(f"ALTER TABLE {staged.table} DROP COLUMN {quote(staged.names[position])}")
    kept = [position for position in range(len(staged.names)) if position not in gone]
    if not gone:
        return staged
    return replace(
        staged,
        headers=tuple(staged.headers[position] for position in kept),
        names=tuple(staged.names[position] for position in kept),
    )
