"""Every time, provider and place that a FHIR view reads stands in OMOP (tests/pipeline/data/fhir_in_omop.yaml)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from harmonize.engine.paths import root
from harmonize.engine.store import Store
from harmonize.mapping.views.definitions import elements
from harmonize.pipeline.load import load

SHOWN: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "fhir_in_omop.yaml").read_text(encoding="utf-8")
)
TIMES = ("date", "dateTime", "instant")
WHO_AND_WHERE = re.compile(r"getReferenceKey\((Practitioner|PractitionerRole|Organization|Location)\)")
STEP = re.compile(r"(\w+)(\(([^()]*)\))?(?:\.|$)")
HELPERS = (
    {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1930-01-01"},
    {"resourceType": "Device", "id": "pump", "type": {"text": "a pump"}},
    {"resourceType": "Practitioner", "id": "whose", "active": True},
    {"resourceType": "Organization", "id": "where", "name": "General"},
    {
        "resourceType": "Encounter",
        "id": "whole",
        "status": "finished",
        "class": {"code": "IMP"},
        "subject": {"reference": "Patient/p"},
        "period": {"start": "2000-01-01", "end": "2030-01-01"},
    },
)


def type_of(kind: str, path: str) -> str:
    """The FHIR type of a path of names, ofType(), first() and last(); empty for any other."""
    if STEP.sub("", path):
        return ""
    for name, call, argument in STEP.findall(path):
        if name == "extension" and call:
            kind = "Extension"
        elif name == "ofType":
            kind = argument
        elif call and name not in ("first", "last"):
            return ""
        elif not call:
            told = elements(kind).get(name)
            kind = told.types[0] if told else ""
    return kind


def read_columns(view: str) -> dict[str, str]:
    """The columns of a view that hold a time, a provider or a place, with their paths."""
    definition = json.loads((root("mappings") / "fhir" / "load" / f"{view}.json").read_text(encoding="utf-8"))

    def walk(select: dict[str, Any], kind: str) -> Iterator[tuple[str, str]]:
        inner = select.get("forEach") or select.get("forEachOrNull")
        kind = type_of(kind, re.sub(r"\.where\(.*\)$", "", inner)) if inner else kind
        for column in select.get("column", ()):
            names_one = WHO_AND_WHERE.search(column["path"]) and not column["path"].endswith("exists()")
            if names_one or type_of(kind, column["path"]) in TIMES:
                yield column["name"], column["path"]
        for part in (*select.get("select", ()), *select.get("unionAll", ())):
            yield from walk(part, kind)

    return dict(pair for select in definition["select"] for pair in walk(select, definition["resource"]))


def test_every_time_provider_and_place_of_a_view_has_a_resource_that_shows_it() -> None:
    views = {path.stem for path in (root("mappings") / "fhir" / "load").glob("*.json")}
    for view in sorted(views):
        assert set(read_columns(view)) == set(SHOWN.get(view, ())) - {"base"}, view
    assert set(SHOWN) - views == {"Encounter of another"}


def test_they_stand_in_omop(new_store: Store, tmp_path: Path) -> None:
    resources = [json.dumps(one) for one in HELPERS]
    asked = []
    for view, entries in SHOWN.items():
        for column, told in entries.items():
            if column == "base":
                continue
            number = len(asked)
            day = (date(2001, 1, 1) + timedelta(days=number)).isoformat()
            held = {key: value for key, value in {**entries["base"], **told["put"]}.items() if value is not None}
            text = json.dumps({**held, "id": f"r{number}"})
            timed = "$time" in text
            if "$ref" in text:
                kind = WHO_AND_WHERE.findall(read_columns(view.removesuffix(" of another"))[column])[0]
                resources.append(json.dumps({"resourceType": kind, "id": f"x{number}"}))
                text = text.replace("$ref", f"{kind}/x{number}")
            values = {"$time": f"{day}T10:11:12", "$day": day, "$number": str(number)}
            for mark, value in values.items():
                text = text.replace(mark, value + ("Z" if mark == "$time" else ""))
            resources.append(text)
            asked += [(f"{view}.{column}", number, day, timed, place) for place in told["in"]]
    file = tmp_path / "r.ndjson"
    file.write_text("\n".join(resources), encoding="utf-8")
    load(new_store, [file], source="fhir", project="P")
    assert [name for name, *rest in asked if not is_shown(new_store, *rest)] == []


def is_shown(store: Store, number: int, day: str, timed: bool, place: str) -> bool:
    """Whether a row of OMOP has the time of this number, or names the provider or place of that number."""
    table, column = place.split(".")
    if column in ("provider_id", "care_site_id"):
        other = column.removesuffix("_id")
        query = (
            f"SELECT 1 FROM omop.{table} JOIN omop.{other} o USING ({column}) "
            f"WHERE regexp_matches(o.{other}_source_value, '(^|/)x{number}$')"
        )
    else:
        time = timed and not column.endswith("_date")
        query = f"SELECT 1 FROM omop.{table} WHERE contains({column}::VARCHAR, '{day}') " + (
            f"AND contains({column}::VARCHAR, '10:11:12')" if time else ""
        )
    return store.con.execute(f"{query} LIMIT 1").fetchone() is not None
