"""The shipped questions: sql/queries/NAME.sql, one SELECT each under a head of `-- key: value` lines.

    -- title: Which studies are of a person with ... ?
    -- asked_by: radiologists who build a cohort
    -- parameter: days integer = 3; most days between the two
    -- column: person_id; the person
    -- needs: images, tests
    -- note: what is to be known of the answer

A parameter has a type (text, integer, number, boolean, date, reference, or its allowed values as `a|b`) and a default
(none: NULL, which asks for all). `needs` names statements of sql/queries/needs, each of which tells what a store lacks.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from harmonize.engine.errors import InputError, InternalError, did_you_mean
from harmonize.engine.paths import root
from harmonize.engine.text_file import read_text
from harmonize.export.frames import Value, Values

TYPES = ("text", "integer", "number", "boolean", "date", "reference")
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_LINE = re.compile(r"-- (?P<key>[a-z_]+): (?P<value>.*)")
_PARAMETER = re.compile(r"(?P<name>[a-z_]+) (?P<type>\S+)(?: = (?P<default>[^;]*))?; (?P<meaning>.+)")
_COLUMN = re.compile(r"(?P<name>[a-z0-9_]+); (?P<meaning>.+)")
_NAMED = re.compile(r"\$([a-z_]+)\b")
_REFERENCE = ("characteristic", "category", "persons")


@dataclass(frozen=True)
class Parameter:
    """What may be given to a question. `type` is one of TYPES or `choice`; of a choice `choices` are the values."""

    name: str
    type: str
    default: Value
    meaning: str
    choices: tuple[str, ...] = ()

    def value(self, given: object) -> Value:
        """What was given as this parameter's type; a text is read. Raises InputError where it is none."""
        if given is None or given == "":
            return None
        text = given.isoformat() if isinstance(given, date) else str(given).strip()
        try:
            return self._read(text)
        except (ValueError, KeyError) as problem:
            raise InputError(
                f"{self.name}={text} is no value of {self.name}: {self.meaning}.", self._hint()
            ) from problem

    def _read(self, text: str) -> Value:
        if self.type == "integer":
            return int(text)
        if self.type == "number":
            return float(text)
        if self.type == "boolean":
            return _WORDS[text.casefold()]
        if self.type == "date":
            return date.fromisoformat(text).isoformat()
        if self.type == "choice" and text not in self.choices:
            raise ValueError(text)
        return text

    def _hint(self) -> str:
        if self.type == "choice":
            return f"Give one of {', '.join(self.choices)}."
        return f"Give {'an' if self.type == 'integer' else 'a'} {self.type}{_LIKE.get(self.type, '')}."


_LIKE = {"boolean": ": true or false", "date": ": 2021-03-01"}


@dataclass(frozen=True)
class Question:
    """A shipped question: who asks it, what may be given, which columns its rows have, and the SELECT."""

    name: str
    title: str
    asked_by: str
    parameters: tuple[Parameter, ...]
    columns: tuple[tuple[str, str], ...]
    needs: tuple[str, ...]
    notes: tuple[str, ...]
    sql: str

    def values(self, given: Mapping[str, object]) -> Values:
        """The value of every parameter: what was given, else the default. Raises InputError for others."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                hint = did_you_mean(name, known) or f"It takes {', '.join(known)}."
                raise InputError(f"The question {self.name} has no parameter {name!r}.", hint)
        return {
            name: parameter.value(given[name]) if name in given else parameter.default
            for name, parameter in known.items()
        }

    def bound(self, values: Values) -> Values:
        """The values as they are bound: those that name a reference table are its rows."""
        of_tables = {parameter.name for parameter in self.parameters if parameter.type == "reference"}
        return {
            name: _reference_rows(str(value)) if name in of_tables and value is not None else value
            for name, value in values.items()
        }

    def to_json(self) -> dict[str, Any]:
        """The head as a document."""
        return {
            "name": self.name,
            "title": self.title,
            "asked_by": self.asked_by,
            "parameters": [
                {
                    "name": one.name,
                    "type": one.type,
                    "default": one.default,
                    "meaning": one.meaning,
                    **({"choices": list(one.choices)} if one.choices else {}),
                }
                for one in self.parameters
            ],
            "columns": [{"name": name, "meaning": meaning} for name, meaning in self.columns],
            "notes": list(self.notes),
            "sql": self.sql,
        }


def names() -> list[str]:
    """The names of the shipped questions."""
    return sorted(path.stem for path in _folder().glob("*.sql"))


def questions() -> list[Question]:
    """All shipped questions, by name."""
    return [question(name) for name in names()]


@cache
def question(name: str) -> Question:
    """One shipped question. Raises InputError for an unknown name, with the nearest one."""
    if name not in names():
        raise InputError(
            f"There is no question {name!r}.", did_you_mean(name, names()) or "List them with: harmonize ask list"
        )
    return parsed(name, (_folder() / f"{name}.sql").read_text(encoding="utf-8"))


def parsed(name: str, text: str) -> Question:
    """The question that a file's text is. Raises InternalError where its head is not as it must be."""
    lines = text.splitlines()
    size = next((place for place, line in enumerate(lines) if not line.startswith("-- ")), len(lines))
    head: dict[str, list[str]] = {}
    for line in lines[:size]:
        found = _LINE.fullmatch(line)
        if found is None:
            raise InternalError(f"{name}.sql: {line!r} is no line of a head.")
        head.setdefault(found["key"], []).append(found["value"])
    if unknown := head.keys() - {"title", "asked_by", "parameter", "column", "needs", "note"}:
        raise InternalError(f"{name}.sql: the head knows no {', '.join(sorted(unknown))}.")
    if not {"title", "asked_by", "column"} <= head.keys():
        raise InternalError(f"{name}.sql: the head has no title, no asked_by or no column.")
    question = Question(
        name,
        " ".join(head["title"]),
        " ".join(head["asked_by"]),
        tuple(_parameter(name, line) for line in head.get("parameter", ())),
        tuple(_column(name, line) for line in head["column"]),
        tuple(need for line in head.get("needs", ()) for need in line.split(", ")),
        tuple(head.get("note", ())),
        "\n".join(lines[size:]).strip(),
    )
    asked, declared = named(question.sql), {parameter.name for parameter in question.parameters}
    if asked != declared:
        raise InternalError(f"{name}.sql: its head and its SELECT differ in {', '.join(sorted(asked ^ declared))}.")
    return question


def need(name: str) -> str:
    """The SELECT of sentences, by project, of what a store lacks for questions that need it."""
    return (_folder() / "needs" / f"{name}.sql").read_text(encoding="utf-8").strip()


def named(sql: str) -> set[str]:
    """The parameters that a statement names."""
    return set(_NAMED.findall(re.sub(r"--[^\n]*", "", sql)))


def _folder() -> Path:
    return root("sql") / "queries"


def _parameter(question: str, line: str) -> Parameter:
    found = _PARAMETER.fullmatch(line)
    if found is None or not (found["type"] in TYPES or "|" in found["type"]):
        raise InternalError(f"{question}.sql: {line!r} is no parameter.")
    choices = tuple(found["type"].split("|")) if "|" in found["type"] else ()
    bare = Parameter(found["name"], "choice" if choices else found["type"], None, found["meaning"], choices)
    return Parameter(bare.name, bare.type, bare.value(found["default"]), bare.meaning, choices)


def _column(question: str, line: str) -> tuple[str, str]:
    found = _COLUMN.fullmatch(line)
    if found is None:
        raise InternalError(f"{question}.sql: {line!r} is no column.")
    return found["name"], found["meaning"]


def _reference_rows(name: str) -> str:
    """The rows of a reference table (a shipped one's name, or a TSV) as a JSON list. Lines that begin with # are not
    read."""
    shipped = _folder() / "reference" / f"{name}.tsv"
    path = shipped if shipped.exists() else Path(name)
    if not path.is_file():
        there = ", ".join(sorted(file.stem for file in shipped.parent.glob("*.tsv")))
        raise InputError(f"{name} is no reference table.", f"Give {there}, or a TSV of {', '.join(_REFERENCE)}.")
    lines = [line for line in read_text(path).splitlines() if line and not line.startswith("#")]
    rows = list(csv.DictReader(lines, delimiter="\t"))
    if not rows or not set(_REFERENCE) <= rows[0].keys():
        raise InputError(f"{path} has not the columns {', '.join(_REFERENCE)}.", "Write them as its first line.")
    return json.dumps([{column: row[column] for column in _REFERENCE} for row in rows])
