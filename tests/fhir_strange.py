"""Strategies of hypothesis for exports as bad servers write them: lines of NDJSON, some of them no resources."""

from __future__ import annotations

import copy
import json
from typing import Any

from fhir_export import Resource, patients
from hypothesis import strategies as st

DATES = (
    "2020", "2020-02", "2020-02-30", "2020-13-01", "0000-01-01", "9999-12-31", "1066-10-14T00:00:00Z", "",
    "2020-03-02T24:00:00Z", "2020-03-02T07:30:00.123456789+14:00", "2020-03-02T07:30", "5/1/2020", "today", "-1",
)  # fmt: skip
REFERENCES = (
    "Patient/nobody", "Encounter/e0", "Patient/p1/_history/2", "https://x.org/fhir/Patient/p1", "urn:uuid:1", "#", "#x",
    "Patient?identifier=a|b", "Patient/", "/", "p1", "http://", "Group/g1",
)  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ("\u0000", "e\u0301", "\u202eevil", "'; DROP TABLE x; --", "{}", "%s", "$.x", "\\", "\ufeff", "𝔘nicode", "a" * 5000)
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=3,
)
BROKEN = st.sampled_from(("{", "[]", "null", '"x"', '{"resourceType":', "\ufeff", "x" * 100, '{"a":1}}', "1e999", "{}"))


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a resource."""
    if isinstance(value, dict):
        return [path, *(place for name, part in value.items() for place in _places(part, (*path, name)))]
    if isinstance(value, list):
        return [path, *(place for number, part in enumerate(value) for place in _places(part, (*path, number)))]
    return [path]


@st.composite
def strange_resource(draw: st.DrawFn, resource: Resource) -> Resource:
    """A copy of the resource in which a value is another, or gone."""
    changed = copy.deepcopy(resource)
    *way, last = draw(st.sampled_from([place for place in _places(changed) if place]))
    parent: Any = changed
    for step in way:
        parent = parent[step]
    if draw(st.booleans()) and isinstance(parent, dict):
        del parent[last]
    elif isinstance(parent[last], str) and last == "reference":
        parent[last] = draw(st.sampled_from(REFERENCES))
    elif isinstance(parent[last], str) and parent[last][:2] in ("19", "20"):
        parent[last] = draw(st.sampled_from(DATES))
    else:
        parent[last] = draw(VALUES)
    return changed


@st.composite
def strange_export(draw: st.DrawFn) -> list[str]:
    """Lines of an export of two patients: resources, changed ones, copies, other versions, deletes, broken lines."""
    resources = patients(2)
    lines = []
    for resource in resources:
        kind = draw(
            st.sampled_from(("as it is", "as it is", "changed", "twice", "versions", "conflict", "gone", "deleted"))
        )
        if kind == "changed":
            resource = draw(strange_resource(resource))
        if kind == "versions":
            newer = {**draw(strange_resource(resource)), "id": resource["id"], "resourceType": resource["resourceType"]}
            lines.append(json.dumps({**newer, "meta": {"versionId": "2", "lastUpdated": "2020-01-01T00:00:00Z"}}))
            resource = {**resource, "meta": {"versionId": "1", "lastUpdated": "2019-01-01T00:00:00Z"}}
        if kind == "conflict":
            lines.append(json.dumps({**resource, "language": "en"}))
        if kind == "deleted":
            url = f"{resource['resourceType']}/{resource['id']}"
            entry = [{"request": {"method": "DELETE", "url": url}}]
            lines.append(json.dumps({"resourceType": "Bundle", "type": "batch", "entry": entry}))
        if kind != "gone":
            lines += [json.dumps(resource)] * (2 if kind == "twice" else 1)
    lines += draw(st.lists(BROKEN, max_size=2))
    return draw(st.permutations(lines))
