"""Schemas as the engine sees them: inheritance resolved, nothing unsupported passed over."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from harmonize.engine.errors import InputError
from harmonize.schema import load
from harmonize.schema.load import load_schema, schemas
from harmonize.schema.model import Schema

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
id: https://example.org/t
name: t
prefixes: {linkml: "https://w3id.org/linkml/"}
default_range: string
version: "1.2"
"""
BODY = """
imports:
- linkml:types
- base
annotations: {steward: lab}
classes:
  Visit:
    is_a: Row
    mixins: [Timed]
    description: >-
      A stay
      in hospital.
    annotations: {file_pattern: "visit*.csv", wide: true, rank: 3}
    unique_keys:
      natural: {unique_key_slots: [key, start]}
    slot_usage:
      start: {required: true}
      key: {pattern: "^V"}
    attributes:
      outcome: {range: outcome, aliases: ["Last Status"]}
      weight: {range: double, minimum_value: 0, maximum_value: 300, unit: {ucum_code: kg}}
      labels: {multivalued: true}
enums:
  outcome:
    permissible_values: {discharged: , deceased: , "No": }
"""
BASE = """
id: https://example.org/base
name: base
prefixes: {linkml: "https://w3id.org/linkml/"}
imports: [linkml:types]
default_range: string
slots:
  site: {annotations: {phi: "true"}}
classes:
  Row:
    abstract: true
    slots: [site]
    attributes:
      key: {identifier: true}
  Timed:
    mixin: true
    attributes:
      start: {range: date}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(load, "_read", {})  # what this process has read already is not written for others
    (tmp_path / "t.yaml").write_text(HEAD + BODY)
    (tmp_path / "base.yaml").write_text(BASE)
    return tmp_path


def test_slots_in_order_with_everything_resolved(folder: Path) -> None:
    schema = load_schema(folder / "t.yaml")
    visit = schema.classes["Visit"]
    assert list(visit.slots) == ["site", "key", "start", "outcome", "weight", "labels"]
    assert (visit.is_a, visit.mixins, visit.unique_keys) == ("Row", ("Timed",), (("key", "start"),))
    assert visit.annotations == {"file_pattern": "visit*.csv", "wide": "true", "rank": "3"}
    assert visit.description == "A stay in hospital."
    assert visit.slots["site"].annotations == {"phi": "true"}
    key, start, outcome, weight = (visit.slots[name] for name in ("key", "start", "outcome", "weight"))
    assert (key.identifier, key.required, key.pattern) == (True, True, "^V")
    assert (start.range, start.required) == ("date", True)
    assert not schema.classes["Timed"].slots["start"].required
    assert outcome.permissible_values == ("discharged", "deceased", "No")
    assert (outcome.alias, outcome.header, weight.header) == ("Last Status", "Last Status", "weight")
    assert (weight.minimum, weight.maximum, weight.unit) == (0.0, 300.0, "kg")
    assert visit.slots["labels"].multivalued
    assert schema.classes["Row"].abstract
    assert schema.classes["Timed"].mixin
    assert (schema.version, schema.annotations) == ("1.2", {"steward": "lab"})


def test_json_and_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = load_schema(folder / "t.yaml")
    assert Schema.from_json(schema.to_json()) == schema
    assert load_schema(folder / "t.yaml") is schema, "it is read twice"
    monkeypatch.setattr(load, "_read", {})
    assert load_schema(folder / "t.yaml") == schema, "the cached plan differs from the built one"


def test_second_load_does_not_import_linkml(folder: Path) -> None:
    load_schema(folder / "t.yaml")
    code = "import sys; from harmonize.schema import load; load.load_schema(sys.argv[1]); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code, str(folder / "t.yaml")], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "linkml_runtime" not in run.stdout.split()


def test_change_of_an_import_changes_the_digest(folder: Path) -> None:
    before = load_schema(folder / "t.yaml")
    (folder / "base.yaml").write_text(BASE.replace("range: date", "range: datetime"))
    after = load_schema(folder / "t.yaml")
    assert after.digest != before.digest
    assert after.classes["Visit"].slots["start"].range == "datetime"


def test_shipped_names() -> None:
    assert {"control", "gen3", "midrc", "omop"} <= set(schemas())
    assert load_schema("control").classes["MappingControl"].slots["when_"].range == "boolean"


@pytest.mark.parametrize(
    ("old", "new", "where", "said", "hint"),
    [
        ("range: outcome", "range: outcom", "t.yaml, line 26", "range 'outcom'", "'outcome'"),
        ("is_a: Row", "is_a: Rows", "t.yaml, line 14", "inherits 'Rows'", "'Row'"),
        ("maximum_value: 300", "maximun_value: 300", "t.yaml, line 27", "'maximun_value'", "'maximum_value'"),
        ("maximum_value: 300", "equals_number: 300", "t.yaml, line 27", "'equals_number'", None),
        ("start: {required: true}", "begin: {required: true}", "t.yaml, line 23", "names 'begin'", None),
        ("multivalued: true}", "multivalued: true", "t.yaml:29", "not YAML", None),
        ('"No": ', "No: ", "t.yaml, line 26", "not quoted", "'No'"),
        ("- base", "- bass", "bass.yaml", "cannot be read", None),
        (
            "    permissible_values: {",
            "    inherits: [x]\n    permissible_values: {",
            "line 31",
            "'inherits'",
            None,
        ),
    ],
)
def test_faults_name_file_and_line(folder: Path, old: str, new: str, where: str, said: str, hint: str | None) -> None:
    assert old in BODY
    (folder / "t.yaml").write_text(HEAD + BODY.replace(old, new, 1))
    with pytest.raises(InputError) as error:
        load_schema(folder / "t.yaml")
    assert where in error.value.message
    assert said in error.value.message
    assert hint is None or hint in (error.value.hint or "")


def test_unknown_name() -> None:
    with pytest.raises(InputError, match="no schema 'omopp'") as error:
        load_schema("omopp")
    assert error.value.hint == "Did you mean 'omop'?"


def test_not_a_schema(folder: Path) -> None:
    (folder / "list.yaml").write_text(
        dedent("""\
        - a
        - b
    """)
    )
    with pytest.raises(InputError, match=r"list\.yaml"):
        load_schema(folder / "list.yaml")
