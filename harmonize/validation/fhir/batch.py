"""The screen on a batch of resources, fhir.resources on those that it flags or on all: what runs in other processes."""

from __future__ import annotations

import csv
import gc
import json
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import orjson

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.intake.fhir.content import content_hash
from harmonize.validation.fhir.outlines import Outlines
from harmonize.validation.fhir.screen import Problem, problems, validator
from harmonize.validation.fhir.shapes import Shapes, step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Deep = Callable[[dict[str, Any], str, "Sequence[Problem]"], list[Problem]]
Batch = tuple[str, bool, bool, list[tuple[int, str, bool]]]
"""A resource type, whether fhir.resources checks everything, whether elements are noted, of resources (rowid, JSON,
whether a number in it is not as it would be printed)."""
Contents = list[tuple[int, str]]
"""(rowid, hash of what it says) of resources."""
Elements = dict[tuple[str, ...], list[int]]
"""Paths of the elements of resources → rowids of the resources that have just these."""


Screened = tuple[str, list[tuple[int, list[Problem]]], Elements, set[str], Contents]
"""The type of a batch, (rowid, problems) of its resources that have any; where elements are noted, these and the paths
of the lists of objects of which a resource has several; what the resources say."""


def screen_batch(batch: Batch) -> Screened:
    """Screen the resources of a batch."""
    resource_type, deep, noted, rows = batch
    check = deep_check(deep)
    shapes = Shapes() if noted else None
    contents: Contents = []
    with _no_collection():
        found = list(_screened(resource_type, rows, check, deep, shapes, contents))
    elements, several = (shapes.resources, shapes.several) if shapes else ({}, set())
    return resource_type, found, elements, several, contents


def _screened(
    resource_type: str,
    rows: Sequence[tuple[int, str, bool]],
    check: Deep | None,
    deep: bool,
    shapes: Shapes | None,
    contents: Contents,
) -> Iterator[tuple[int, list[Problem]]]:
    """(rowid, problems) of the resources of one type that have any. Its loop is where the time goes."""
    loads, outlines = orjson.loads, Outlines()
    is_valid, is_complete = validator(resource_type).is_valid, _complete(resource_type)
    for key, text, inexact in rows:
        try:
            resource = loads(text)
        except orjson.JSONDecodeError:
            yield key, [Problem("broken_json", (), where_broken(text))]
            continue
        contents.append((key, content_hash(resource, text, inexact=inexact)))
        outline = outlines.of(text)
        alike = outlines.find(outline)
        like = alike.resources if alike else None
        if like is not None:
            like.append(key)
        elif shapes is not None:
            like = shapes.add(key, resource)
        try:
            if alike is None:
                repeated = _repeated_in(text, resource)
                sound = not repeated and is_complete(resource) and "contained" not in resource
                outlines.note(outline, like, sound=sound)
            else:
                sound = alike.sound
            if sound and not deep and is_valid(resource):
                continue
            found = _repeated_in(text, resource) + list(problems(resource, resource_type))
        except (ValueError, orjson.JSONEncodeError, RecursionError):  # each goes down some hundred levels
            yield key, [Problem("broken_json", (), "it is nested too deeply")]
            continue
        if check is not None and (deep or found):
            found += check(resource, resource_type, found)
        found += [
            Problem("us_core_missing", (element,))
            for element, forms in must_have().get(resource_type, ())
            if resource.keys().isdisjoint(forms)
        ]
        if found:
            yield key, found


def _repeated_in(text: str, resource: dict[str, Any]) -> list[Problem]:
    """The repeated elements of a resource. What a parse leaves out of an object has quotes; an escaped one would stand
    for another."""
    is_whole = text.count('"') == orjson.dumps(resource).count(b'"') and "\\u0022" not in text
    return [] if is_whole else repeated_elements(text)


@cache
def _complete(resource_type: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a resource has all that US Core expects, told by JSON Schema as it is fast."""
    elements = must_have().get(resource_type)
    if elements is None:
        return lambda _resource: True
    schema = {"allOf": [{"anyOf": [{"required": [form]} for form in forms]} for _, forms in elements]}
    told: Callable[[dict[str, Any]], bool] = jsonschema_rs.Draft202012Validator(schema).is_valid
    return told


class _Members(list[tuple[str, Any]]):
    """The members of an object as they are written, of one name several times as well."""


def repeated_elements(text: str) -> list[Problem]:
    """The elements that stand in one object more than once: of them parsers keep one, and not the same one.
    Raises RecursionError for JSON that is nested too deeply."""
    return list(_repeated(json.loads(text, object_pairs_hook=_Members), ()))


def _repeated(value: Any, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if isinstance(value, _Members):
        times = Counter(name for name, _ in value)
        for name, count in times.items():
            if count > 1:
                yield Problem("fhir_repeated_element", (*path, name), str(count))
        for name, inner in value:
            yield from _repeated(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _repeated(inner, (*path, index))


def where_broken(text: str) -> str:
    """Where a text stops being JSON and what stands there, without quoting it."""
    try:
        json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, " if error.lineno > 1 else ""
        return f"{where}character {error.colno}: {error.msg}"
    except ValueError as error:
        return str(error)
    except RecursionError:
        return "it is nested too deeply"
    return "it is nested too deeply, or holds half of a character (a lone surrogate)"


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def fhir_path(resource_type: str, path: Sequence[str | int]) -> str:
    """A path as FHIRPath writes it: Observation.component[0].code."""
    return resource_type + "".join(f"[{part}]" if isinstance(part, int) else f".{step(part)}" for part in path)


@cache
def must_have() -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """What US Core requires or expects: resource type → (element, its forms), from sql/validation/fhir/us_core.tsv."""
    told: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    with (root("sql") / "validation" / "fhir" / "us_core.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            told.setdefault(row["resource_type"], []).append((row["element"], tuple(row["any_of"].split("|"))))
    return {name: tuple(elements) for name, elements in told.items()}


@cache
def deep_check(needed: bool) -> Deep | None:
    """fhir.resources as a check, None where it is not installed; raises InputError where it is `needed`."""
    try:
        from harmonize.validation.fhir.deep import objections
    except ImportError as error:
        if needed:
            raise InputError(
                "--deep needs the package fhir.resources, which is not installed.",
                "Install it with: pip install 'midrc-harmonize[fhir]'",
            ) from error
        return None
    return objections


@contextmanager
def _no_collection() -> Iterator[None]:
    """Parsed JSON has no cycles; looking for them would take a third of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
