"""What findings, ledger and reports show of a FHIR delivery's own words: names of elements and types that FHIR has, and
of others only what looks like one. All else is masked.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import orjson

from harmonize.engine.paths import root, sql
from harmonize.mapping.views.definitions import NUMBERS, TIMES, properties, property_names
from harmonize.validation.fhir.screen import only_known, resource_types
from harmonize.validation.privacy.names import names
from harmonize.validation.rules import designations, synonyms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duckdb import DuckDBPyConnection

MASK = "***"
_ELEMENT = re.compile(r"_?[a-z][A-Za-z]{1,39}(\[x\])?")
_TYPE = re.compile(r"[A-Z]?[a-z][A-Za-z]{2,39}")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PERSONS = frozenset({"Patient", "Person", "RelatedPerson"})
_INDEX = re.compile(r"\[\d+\]")


@cache
def shown_name(name: str) -> str:
    """The name of an element, *** where FHIR has none of it and it does not look like one: letters in camelCase that
    are nobody's name."""
    if _INDEX.sub("", name) in _known() or (_ELEMENT.fullmatch(name) and not _is_somebody(name)):
        return name
    return MASK


def shown_type(name: str) -> str:
    """The name of a resource type, in the same way."""
    known = name in resource_types() or name in only_known()
    return name if known or (_TYPE.fullmatch(name) and not _is_somebody(name)) else MASK


@cache
def _known() -> frozenset[str]:
    """The names of elements, and those of choices as messages write them (value[x])."""
    names = property_names() | resource_types()
    return names | {f"{name}[x]" for name in names} | {"resourceType", "value[x]", "fhir_comments"}


@cache
def _people() -> frozenset[str]:
    """Names of people that are no words."""
    known = names()
    return frozenset((known.first | known.last) - known.words)


def _is_somebody(name: str) -> bool:
    return any(word.lower() in _people() for word in _WORDS.findall(name))


def shown_paths(shapes: Iterable[Sequence[str]]) -> list[list[str]]:
    """The paths of elements, shape by shape, with *** and a number in the place of each name that is not shown."""
    hidden: dict[str, str] = {}

    def shown(path: str) -> str:
        if path in seen:
            return seen[path]
        names = [
            name if shown_name(name) == name else hidden.setdefault(name, f"{MASK}{len(hidden) + 1}")
            for name in _parts(path)
        ]
        return seen.setdefault(path, ".".join(names))

    seen: dict[str, str] = {}
    return [[shown(path) for path in paths] for paths in shapes]


def show_elements(con: DuckDBPyConnection) -> None:
    """Make what sql/validation/fhir/settle.sql needs: fhir_shown_element(element, shown, kind, is_person) of the
    elements in fhir_found, and the macros of shown.sql."""
    rows = con.execute("SELECT DISTINCT fhir_element(path) FROM fhir_found WHERE path IS NOT NULL").fetchall()
    told = [_shown(element) for (element,) in rows]
    con.execute(
        sql("validation/fhir/shown_element"),
        [[element for (element,) in rows], *([row[place] for row in told] for place in range(3))],
    )
    types = con.execute("SELECT DISTINCT resource_type FROM fhir_resource WHERE resource_type IS NOT NULL").fetchall()
    _show_types(con, [name for (name,) in types])
    _know_words(con)
    con.execute(sql("validation/fhir/shown"))


def _know_words(con: DuckDBPyConnection) -> None:
    """What sql/validation/fhir/shown.sql takes for a word of a list of codes."""
    lists, texts, _ = zip(*designations(), strict=True)
    con.execute(sql("validation/fhir/word"), {"words": list(_words())})
    con.execute(sql("validation/fhir/designation"), {"codes": list(lists), "texts": list(texts)})


@cache
def _words() -> tuple[str, ...]:
    """The codes of FHIR's lists, and the synonyms of values, in small letters; those aside that are a name, too."""
    bound = orjson.loads((root("schemas") / "fhir" / "bindings.json").read_bytes())
    codes = {code.lower() for rule in bound.values() for code in rule.get("codes", ())} | synonyms().keys()
    return tuple(sorted(code for code in codes if len(code) > 2 and not _is_somebody(code)))


def _show_types(con: DuckDBPyConnection, types: Iterable[str]) -> None:
    hidden = [name for name in types if shown_type(name) == MASK]
    con.execute(sql("validation/fhir/hidden_type"), {"types": hidden})


def _shown(element: str) -> tuple[str, str, bool]:
    """(The element as it is shown, number or date or the type of its values, whether it is about a person)."""
    parts = _parts(element)
    resource, kind = parts[0], parts[0]
    for step in parts[1:]:
        told = properties(kind).get(step)
        kind = told.type if told else ""
        if step == "contained":
            kind = ""
    shown = ".".join([shown_type(resource), *map(shown_name, parts[1:])])
    group = "number" if kind in NUMBERS else "date" if kind in TIMES else kind
    is_person = resource in _PERSONS or parts[-1] in ("birthDate", "deceasedDateTime")
    return shown, group, is_person


def _parts(element: str) -> list[str]:
    """The names of a path; json_tree() puts those with other signs than letters in quotes."""
    return re.findall(r'"(?:[^"\\]|\\.)*"|[^.]+', element)
