"""An object that is read whole keeps what FHIR gives to its type, as deep as it is told, and nothing else."""

from __future__ import annotations

import json

import duckdb

from harmonize.engine.paths import sql
from harmonize.mapping.views.known import as_known


def kept(kind: str, value: object) -> object:
    with duckdb.connect() as con:
        con.execute(sql("views/functions"))
        row = con.execute(f"SELECT {as_known('$value', kind)}", {"value": json.dumps(value)}).fetchone()
    assert row is not None
    return _without_nothing(json.loads(row[0]))


def _without_nothing(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_nothing(part) for name, part in value.items() if part is not None}
    return value


def test_of_the_deepest_object_the_plain_elements_stay() -> None:
    """A Reference has an Identifier, and that a Reference, by turns: each with a text, to the fourth below it."""
    nested: dict[str, object] = {"display": "too deep"}
    expected: dict[str, object] = {}
    for depth in range(6, -1, -1):
        name, text = ("identifier", "display") if depth % 2 == 0 else ("assigner", "value")
        nested = {text: f"at {depth}", name: nested}
        if depth <= 4:
            expected = {text: f"at {depth}", **({name: expected} if depth < 4 else {})}
    assert kept("Reference", nested) == expected


def test_what_fhir_does_not_know_goes() -> None:
    period = {"start": "2021", "end": "2022", "id": "p", "extension": [{"url": "x"}], "other": 1}
    assert kept("Period", period) == {"start": "2021", "end": "2022"}
