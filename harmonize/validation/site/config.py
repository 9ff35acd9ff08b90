"""A site's own severities and switches: a YAML file that can be kept in git (`harmonize validate --config FILE`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean, nearest
from harmonize.engine.yaml_text import read_yaml
from harmonize.validation.rules import rule_texts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

SEVERITIES = ("error", "warning", "off")
_KEYS = ("rules", "restricted_zip3")
_RULE_KEYS = ("severity", "columns")


@dataclass(frozen=True)
class Setting:
    """What a site says of one rule: `severity` (error, warning, off; None: as shipped), and by column as sent."""

    severity: str | None = None
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Config:
    """A site's settings: by rule, and its own list of ZIP areas with few people (None: the shipped one)."""

    rules: dict[str, Setting] = field(default_factory=dict)
    restricted_zip3: tuple[str, ...] | None = None


def read_config(path: Path) -> Config:
    """Read a configuration. Raises InputError with the place and the nearest right name for what is not known."""
    raw = read_yaml(path)
    document = _mapping(raw if raw is not None else {}, f"{path}", _KEYS)
    rules = {
        rule: _setting(value, f"{path}: rules, {rule}")
        for rule, value in _mapping(document.get("rules") or {}, f"{path}: rules", rule_texts()).items()
    }
    return Config(rules, _zip3(document.get("restricted_zip3"), path))


def _mapping(value: Any, place: str, known: Iterable[str] | None) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{place}: must be names and values, and is {value!r}.", "Write one `name: value` a line.")
    for key in value:
        if known is not None and key not in set(known):
            raise InputError(f"{place}: there is no {key!r}.", did_you_mean(str(key), known))
    return value


def _setting(value: Any, place: str) -> Setting:
    if not isinstance(value, dict):
        return Setting(_severity(value, place))
    parts = _mapping(value, place, _RULE_KEYS)
    columns = _mapping(parts.get("columns") or {}, f"{place}, columns", None)
    return Setting(
        None if parts.get("severity") is None else _severity(parts["severity"], place),
        {str(column): _severity(severity, f"{place}, columns, {column}") for column, severity in columns.items()},
    )


def _severity(value: Any, place: str) -> str:
    # YAML reads a bare off as false.
    text = "off" if value is False else value
    if text not in SEVERITIES:
        raise InputError(f"{place}: {value!r} is no severity.", did_you_mean(str(value), SEVERITIES))
    return str(text)


def _zip3(value: Any, path: Path) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(area, str) and re.fullmatch("[0-9]{3}", area) for area in value):
        return tuple(value)
    raise InputError(f"{path}: restricted_zip3 must be a list of three digits each.", 'Quote them: ["036", "059"].')


def apply(con: DuckDBPyConnection, config: Config, submission: int) -> list[str]:
    """Give the findings of a submission the site's severities and remove those that it switched off.

    A severity of a column makes the rule a second one of the same id, so that every statement that joins rules sees it.
    Works on a database of its own only, whose rules are not used again. Returns sentences on columns that are named and
    that no file has.
    """
    for rule, setting in config.rules.items():
        for column, severity in setting.columns.items():
            where = (
                "rule_id = (SELECT min(rule_id) FROM harmonize.rule WHERE rule = $rule) AND submission_id = $submission"
                " AND (file_id, column_id) IN (SELECT (file_id, column_id) FROM harmonize.file_column"
                " WHERE header = $column)"
            )
            known = {"rule": rule, "submission": submission, "column": column}
            if severity == "off":
                con.execute(f"DELETE FROM harmonize.finding WHERE {where}", known)
            else:
                number = _variant(con, rule, severity)
                con.execute(f"UPDATE harmonize.finding SET rule_id = {number} WHERE {where}", known)
        if setting.severity == "off":
            con.execute(
                "DELETE FROM harmonize.finding WHERE submission_id = ? AND rule_id ="
                " (SELECT min(rule_id) FROM harmonize.rule WHERE rule = ?)",
                [submission, rule],
            )
        elif setting.severity:
            con.execute(
                "UPDATE harmonize.rule SET severity = ? WHERE rule_id ="
                " (SELECT min(rule_id) FROM harmonize.rule WHERE rule = ?)",
                [setting.severity, rule],
            )
    return _unknown_columns(con, config)


def _variant(con: DuckDBPyConnection, rule: str, severity: str) -> int:
    """The number of the rule with another severity, made where it is not."""
    row = con.execute(
        "SELECT rule_id FROM harmonize.rule WHERE rule = ? AND severity = ? AND rule_id >"
        " (SELECT min(rule_id) FROM harmonize.rule WHERE rule = ?)",
        [rule, severity, rule],
    ).fetchone()
    if row is not None:
        return int(row[0])
    highest = con.execute("SELECT max(rule_id) + 1 FROM harmonize.rule").fetchone()
    number = int(highest[0]) if highest else 1
    con.execute(
        f"INSERT INTO harmonize.rule SELECT * REPLACE ({number} AS rule_id, ? AS severity) FROM harmonize.rule"
        " WHERE rule_id = (SELECT min(rule_id) FROM harmonize.rule WHERE rule = ?)",
        [severity, rule],
    )
    con.execute(
        f"INSERT INTO harmonize.expectation SELECT * REPLACE ({number} AS rule_id) FROM harmonize.expectation"
        " WHERE rule_id = (SELECT min(rule_id) FROM harmonize.rule WHERE rule = ?)",
        [rule],
    )
    return number


def _unknown_columns(con: DuckDBPyConnection, config: Config) -> list[str]:
    headers = [row[0] for row in con.execute("SELECT DISTINCT header FROM harmonize.file_column").fetchall()]
    named = dict.fromkeys(column for setting in config.rules.values() for column in setting.columns)
    notes = []
    for column in named:
        if column not in headers:
            near = nearest(column, headers)
            notes.append(
                f"--config names the column {column!r}, which no file has"
                + (f"; {near!r} is near." * bool(near) or ".")
            )
    return notes
