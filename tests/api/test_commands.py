"""Every command of the command line has a call, and every option of a command a parameter of that call."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import harmonize
from harmonize.api.calls import CALLS, found_call
from harmonize.cli.main import app

DOCS = Path(__file__).resolve().parents[2] / "docs" / "python.md"
OF_THE_TERMINAL = {"json", "as_json", "list_meanings", "explain"}
"""What decides only how a terminal shows something."""
OF_OPENING = {"db", "wait", "memory", "no_backup"}
"""What `harmonize.open` takes, for the calls on an open store."""
OTHERWISE = {
    "collection": "collections", "single_pairs": "match_days", "no_table": "table", "no_backup": "keep_copy",
    "form": "form", "omop_id": "omop_id", "out": "out",
}  # fmt: skip
NOT_NEEDED = {
    "load": {"engine", "out", "shards", "master", "vocabulary"},  # `harmonize.load_dataset`
    "link": {"format", "output"},  # the result has `rows()` and `to_json()`
    "ask run": {"param"},  # `parameters`
    "export manifest": {"param"},  # `parameters`
    "query": {"file"},  # of the SQL: Python reads files itself
    "mapping matrix": {"form", "output"},  # rows
    "mapping suggest": {"file"},  # of the values
    "mapping show": {"markdown"},  # `harmonize.mappings.markdown`
    "imaging loinc": {"format"},  # rows
}
NEGATED = {"match_days", "single_pairs", "no_backup", "no_table"}
"""Switches of which the parameter says the other side, or names the choice."""
OTHER_DEFAULT = {
    ("query", "format"): "rows, which a terminal shows as a table",
    ("ask run", "format"): "rows, which a terminal shows as a table",
    ("mapping view run", "format"): "rows, of which a terminal writes CSV",
    ("quality", "format"): "of the document of `output`; the result itself prints",
    ("sequester show", "format"): "of the document of `output`; the result itself prints",
    ("publish", "forms"): "one form may be given without a list",
    ("mapping review list", "limit"): "a list in Python is whole",
}


def _walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, inner in getattr(command, "commands", {}).items():
        if getattr(inner, "commands", None):
            yield from _walk(inner, (*path, name))
        else:
            yield " ".join((*path, name)), inner


COMMANDS = dict(_walk(typer.main.get_command(app)))


def test_every_command_has_a_call_and_no_call_is_of_no_command() -> None:
    assert set(COMMANDS) == set(CALLS)
    assert len(set(CALLS.values())) == len(CALLS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_call_takes_what_the_command_takes(command: str) -> None:
    call = found_call(CALLS[command])
    parameters = inspect.signature(call).parameters
    missing = []
    for param in COMMANDS[command].params:
        name = param.name
        if name in OF_THE_TERMINAL | NOT_NEEDED.get(command, set()) or name in ("help", "debug", "quiet"):
            continue
        if CALLS[command].startswith("db.") and name in OF_OPENING:
            continue
        if not {name, OTHERWISE.get(name, name)} & set(parameters):
            missing.append(name)
    assert missing == [], f"{CALLS[command]} does not take {missing}"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_call_does_unasked_what_the_command_does_unasked(command: str) -> None:
    """Options are written out twice, so that a notebook completes them: their defaults must not part."""
    parameters = inspect.signature(found_call(CALLS[command])).parameters
    parted = {}
    for param in COMMANDS[command].params:
        call = parameters.get(param.name) or parameters.get(OTHERWISE.get(param.name, param.name))
        if call is None or call.default is inspect.Parameter.empty or param.name in NEGATED:
            continue
        default = param.default() if callable(param.default) else param.default
        here = str(default) if isinstance(default, Path) else default or None
        if here != (call.default or None) and (command, param.name) not in OTHER_DEFAULT:
            parted[param.name] = (here, call.default)
    assert parted == {}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_call_is_typed_and_says_what_it_does(command: str) -> None:
    call = found_call(CALLS[command])
    assert re.search(r"\w{3,}.*\.", call.__doc__ or ""), CALLS[command]
    signature = inspect.signature(call)
    untyped = [
        name
        for name, parameter in signature.parameters.items()
        if name != "self" and parameter.annotation in (inspect.Parameter.empty, "Any", Any)
    ]
    assert untyped == []
    assert [p.name for p in signature.parameters.values() if p.kind is inspect.Parameter.VAR_KEYWORD] == []
    assert signature.return_annotation not in (inspect.Signature.empty, "Any", "None")


def test_completion_shows_them() -> None:
    """What a notebook offers after `harmonize.` and `db.`"""
    offered = set(dir(harmonize))
    roots = {written.split(".")[1] for written in CALLS.values() if written.startswith("harmonize.")}
    assert roots <= offered
    assert {"InputError", "StoreError", "RefusedError", "InternalError", "HarmonizeError"} <= offered
    assert [name for name in harmonize.__all__ if not hasattr(harmonize, name)] == []
    shown = str(inspect.signature(harmonize.Database.load))
    assert "mode: \"Literal['upsert', 'snapshot']\" = 'upsert'" in shown
    assert list(inspect.signature(harmonize.open).parameters)[:2] == ["path", "create"]
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = harmonize.nothing


def test_the_page_has_them_all() -> None:
    page = DOCS.read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([a-z0-9_ -]+)` \| `([a-z_.0-9]+)` \|", page, flags=re.MULTILINE))
    assert told == CALLS


def test_the_import_costs_nothing() -> None:
    heavy = ("duckdb", "pandas", "polars", "pyarrow", "sqlglot", "sqlalchemy", "typer", "rich", "yaml", "orjson")
    code = f"import sys, harmonize; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
