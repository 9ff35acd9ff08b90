"""Reads files of golden cases with their line numbers; docs/golden-cases.md describes the format.

Values are taken as the texts that stand there, and read by the type of the column that they are for: `No`, `1.50` and
`2020-01-01` need no quotes.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import yaml

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.yaml_text import compose_yaml
from harmonize.golden.case import Case, CaseDelivery, Count, Expected, Row, Table, Text
from harmonize.intake.sources import SOURCES
from harmonize.pipeline.ledger.ledger import STATES

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

FIRST = ("case", "why", "time", "settings", "then", "rows", "ledger", "reasons", "findings", "refused")
DELIVERY = ("source", "mapping", "mode", "files", "without")
TIME = ("policy", "source_anchor", "anchor")
SETTINGS = ("imaging_date_offset_days", "unknown_age", "observation_period", "medication_request")
_NULL = "tag:yaml.org,2002:null"
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")  # JSON's

Map = dict[str, tuple[int, yaml.Node]]  # key → its line, its value


def read_cases(path: Path) -> list[Case]:
    """The cases of a file, in its order.

    Raises InputError, beginning with file and line, for what is no YAML and for every wrong key, source or state.
    """
    node = compose_yaml(path)
    reader = _Reader(path)
    cases: dict[str, Case] = {}
    for item in reader.items(node, "a file of cases is a list of cases", 1):
        case = reader.case(item)
        if case.name in cases:
            raise reader.fault(case.line, f"the case {case.name!r} was there before, at line {cases[case.name].line}.")
        cases[case.name] = case
    return list(cases.values())


def json_text(node: yaml.Node) -> str:
    """A YAML node as JSON: numbers as they are written, true, false and null; every other scalar is a text."""
    if isinstance(node, yaml.MappingNode):
        return "{" + ",".join(f"{json.dumps(key.value)}:{json_text(value)}" for key, value in node.value) + "}"
    if isinstance(node, yaml.SequenceNode):
        return "[" + ",".join(map(json_text, node.value)) + "]"
    text = str(node.value)
    if node.tag == _NULL:
        return "null"
    plain = isinstance(node, yaml.ScalarNode) and not node.style
    return text if plain and (text in ("true", "false") or _NUMBER.fullmatch(text)) else json.dumps(text)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


class _Reader:
    """Turns the YAML nodes of one file into cases."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fault(self, line: int, message: str, hint: str | None = None) -> InputError:
        return InputError(f"{self.path}:{line}: {message}", hint)

    def map(self, node: yaml.Node | None, what: str, line: int, known: Collection[str] | None = None) -> Map:
        """A YAML mapping; with `known`, of these keys only."""
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(line if node is None else _line(node), f"{what} is a mapping of names to values.")
        found: Map = {}
        for key, value in node.value:
            name = self.text(key, f"a name in {what}")
            if name in found:
                raise self.fault(_line(key), f"{what} names {name!r} twice.")
            if known is not None and name not in known:
                raise self.fault(_line(key), f"{what} has no {name!r}.", did_you_mean(name, known))
            found[name] = (_line(key), value)
        return found

    def items(self, node: yaml.Node | None, rule: str, line: int) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.fault(line if node is None else _line(node), f"{rule}.")
        return list(node.value)

    def text(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or node.tag == _NULL:
            raise self.fault(_line(node), f"{what} is a text.")
        return str(node.value)

    def value(self, node: yaml.Node, what: str) -> Text:
        """A text, null, or a list of texts."""
        if isinstance(node, yaml.SequenceNode):
            return Text(tuple(self.text(item, f"a value of {what}") for item in node.value), _line(node))
        if isinstance(node, yaml.ScalarNode) and node.tag == _NULL:
            return Text(None, _line(node))
        return Text(self.text(node, what), _line(node))

    def row(self, node: yaml.Node, what: str) -> Row:
        found = self.map(node, what, _line(node))
        return Row({name: self.value(value, name) for name, (_, value) in found.items()}, _line(node))

    def case(self, node: yaml.Node) -> Case:
        line = _line(node)
        found = self.map(node, "a case", line, (*FIRST, *DELIVERY))
        for key in ("case", "why", "source", "files", "refused" if "refused" in found else "ledger"):
            if key not in found:
                raise self.fault(line, f"a case needs {key!r}.")
        outcome = [key for key in ("rows", "ledger", "reasons", "findings") if key in found]
        if "refused" in found and outcome:
            raise self.fault(found[outcome[0]][0], f"a load that is refused leaves no {outcome[0]}.")
        return Case(
            name=self.text(found["case"][1], "case"),
            why=self.text(found["why"][1], "why"),
            file=self.path,
            line=line,
            deliveries=self.deliveries(found, line),
            time=self.named(found, "time", TIME),
            settings=self.named(found, "settings", SETTINGS),
            rows=self.tables(found),
            ledger=self.counts(found, "ledger", STATES) or {},
            reasons=self.counts(found, "reasons"),
            findings=self.counts(found, "findings"),
            refused=self.text(found["refused"][1], "refused") if "refused" in found else None,
        )

    def deliveries(self, found: Map, line: int) -> tuple[CaseDelivery, ...]:
        first = self.delivery({key: found[key] for key in DELIVERY if key in found}, line, None)
        if "then" not in found:
            return (first,)
        later = [
            self.delivery(self.map(item, "a delivery under then", _line(item), DELIVERY), _line(item), first)
            for item in self.items(found["then"][1], "then is a list of deliveries", found["then"][0])
        ]
        return (first, *later)

    def delivery(self, found: Map, line: int, first: CaseDelivery | None) -> CaseDelivery:
        """A delivery; one under `then` has the source and mapping of the case where it names no source."""
        if "files" not in found:
            raise self.fault(line, "a delivery needs 'files'.")
        source = self.text(found["source"][1], "source") if "source" in found else None
        if source is not None and source not in SOURCES:
            raise self.fault(found["source"][0], f"there is no source {source!r}.", did_you_mean(source, SOURCES))
        mapping = self.text(found["mapping"][1], "mapping") if "mapping" in found else None
        if first is not None and mapping is None and source in (None, first.source):
            mapping = first.mapping
        files: dict[str, str | Table] = {}
        for name, (at, node) in self.map(found["files"][1], "files", found["files"][0]).items():
            if isinstance(node, yaml.ScalarNode):
                files[name] = self.text(node, name)
            elif isinstance(node, yaml.MappingNode) and [key.value for key, _ in node.value] == ["resources"]:
                files[name] = self.resources(node.value[0][1], name, at)
            else:
                files[name] = self.table(node, name, at)
        mode = self.text(found["mode"][1], "mode") if "mode" in found else "upsert"
        at, left_out = found.get("without", (line, None))
        items = [] if left_out is None else self.items(left_out, "without is a list of files", at)
        without = tuple(self.text(item, "a file in without") for item in items)
        return CaseDelivery(source or (first.source if first else ""), mapping, mode, files, line, without)

    def resources(self, node: yaml.Node, name: str, line: int) -> str:
        """FHIR resources as a file: lines of NDJSON, or the entries of a Bundle where the name ends with .json."""
        texts = [json_text(item) for item in self.items(node, f"the resources of {name} are a list", line)]
        if not name.endswith(".json"):
            return "".join(f"{text}\n" for text in texts)
        entries = ",".join(f'{{"resource":{text}}}' for text in texts)
        return f'{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}'

    def table(self, node: yaml.Node, name: str, line: int) -> Table:
        found = self.map(node, f"the file {name}", line, ("class", "rows"))
        for key in ("class", "rows"):
            if key not in found:
                raise self.fault(line, f"the file {name} is a text, or has 'class' and 'rows'.")
        rows = self.items(found["rows"][1], "rows is a list of rows", found["rows"][0])
        class_name = Text(self.text(found["class"][1], "class"), found["class"][0])
        return Table(class_name, tuple(self.row(row, "a row") for row in rows))

    def named(self, found: Map, key: str, known: Collection[str]) -> dict[str, Text]:
        if key not in found:
            return {}
        values = self.map(found[key][1], key, found[key][0], known)
        return {name: Text(self.text(node, name), line) for name, (line, node) in values.items()}

    def tables(self, found: Map) -> dict[str, Expected]:
        if "rows" not in found:
            return {}
        tables = {}
        for name, (line, node) in self.map(found["rows"][1], "rows", found["rows"][0]).items():
            rows = self.items(node, f"the rows of {name} are a list, empty for none", line)
            tables[name] = Expected(tuple(self.row(row, f"a row of {name}") for row in rows), line)
        return tables

    def counts(self, found: Map, key: str, known: Collection[str] | None = None) -> dict[str, Count] | None:
        if key not in found:
            return None
        counts = {}
        for name, (line, node) in self.map(found[key][1], key, found[key][0], known).items():
            text = self.text(node, f"{key}: {name}")
            if not text.isdigit():
                raise self.fault(line, f"{key}: {name} is a whole number, not {text!r}.")
            counts[name] = Count(int(text), line)
        return counts
