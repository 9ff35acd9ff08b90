"""The rules: their texts (sql/validation/rules/) and those that a LinkML class declares for its
columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, InternalError, did_you_mean
from harmonize.engine.paths import root
from harmonize.intake.layout import identifier, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harmonize.schema.model import ClassDef, Slot

NULL_TEXTS = (
    "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "---", ".", "..", "?", "missing", "#null!",
    "<na>", "not available", "not applicable", "\\n", "(null)", "[null]",
)  # fmt: skip
_WHOLE = frozenset({"integer"})
_NUMBERS = frozenset({"double", "float", "decimal"})
_MOMENTS = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%dT%H:%M:%S|%Y-%m-%d %H:%M:%S"}
_TEXTS = frozenset({"string", "uriorcurie", "uri", "curie", "ncname", "nodeidentifier"})
_LISTED = 10
_FORMATS = 4


@dataclass(frozen=True)
class RuleText:
    """One rule as sql/validation/rules/ says it; `where` is SQL for rules of cells, else None.

    `family` is the name of its file; `why`, `source` and `example` are told in docs/rules.md. The rest is of the
    rules of privacy, whose file tells what it means.
    """

    rule: str
    severity: str
    scope: str
    message: str
    hint: str
    family: str
    why: str
    source: str
    example: str
    where: str | None = None
    pattern: str | None = None
    unless: str | None = None
    confirm: str | None = None
    only_in: str | None = None
    not_in: str | None = None
    in_names: str | None = None


@dataclass(frozen=True)
class Rule:
    """A rule of one column: `where` is SQL over the staged table that is true of a bad cell."""

    rule: str
    slot: Slot
    where: str
    expected: str | None = None
    choices: tuple[str, ...] | None = None


@cache
def rule_texts() -> dict[str, RuleText]:
    """All rules by id: family by family (the files of sql/validation/rules/ by name), in each file's order."""
    import yaml

    return {
        raw["id"]: RuleText(family=path.stem, rule=raw.pop("id"), **raw)
        for path in sorted((root("sql") / "validation" / "rules").glob("*.yaml"))
        for raw in yaml.safe_load(path.read_text(encoding="utf-8"))
    }


def missing_texts(cls: ClassDef) -> tuple[str, ...]:
    """Texts that mean an empty cell in this class (annotation missing_values, divided by `|`)."""
    return tuple(text for text in cls.annotations.get("missing_values", "").split("|") if text)


def cell_sql(slot: Slot, missing: tuple[str, ...]) -> str:
    """SQL for a staged cell with missing texts as NULL; texts are compared as they are sent."""
    column = identifier(slot.name)
    if not missing:
        return column
    return f"CASE WHEN {column} IN ({texts(missing)}) THEN NULL ELSE {column} END"


def declared_rules(schema_class: ClassDef) -> list[Rule]:
    """The rules that the class declares for the cells of its columns.

    Range, required, enum, minimum_value, maximum_value and pattern of each slot; annotations `date_formats`
    (strptime, divided by `|`), `plausible_minimum`, `plausible_maximum`. Every column is looked over for
    blanks around values, control characters and texts that look like an empty value. Raises InputError for
    a slot that a table cannot hold.
    """
    missing = missing_texts(schema_class)
    rules: list[Rule] = []
    for slot in schema_class.slots.values():
        if slot.multivalued:
            raise InputError(
                f"Class {schema_class.name}, slot {slot.name}: a column of a table is not multivalued.",
                "Remove `multivalued: true` from the source's schema.",
            )
        rules += _required(slot, missing)
        rules += _typed(slot, missing)
        rules += _bounds(slot, missing)
        rules += _looks(slot, missing)
    return rules


def _rule(
    name: str,
    slot: Slot,
    missing: tuple[str, ...],
    parts: dict[str, str] | None = None,
    expected: str | None = None,
    choices: tuple[str, ...] | None = None,
) -> Rule:
    where = rule_texts()[name].where
    if where is None:
        raise InternalError(f"Rule {name} of sql/validation/rules/ has no `where`.")
    known = {"raw": identifier(slot.name), "cell": cell_sql(slot, missing), **(parts or {})}
    where = re.sub(r"\{(\w+)\}", lambda match: known[match[1]], where)
    return Rule(name, slot, where, expected, choices)


def _required(slot: Slot, missing: tuple[str, ...]) -> Iterator[Rule]:
    if slot.required or slot.identifier:
        yield _rule("required", slot, missing)


def _typed(slot: Slot, missing: tuple[str, ...]) -> Iterator[Rule]:
    if slot.permissible_values is not None:
        values = slot.permissible_values
        more = f" … ({len(values)} values)" if len(values) > _LISTED else ""
        shown = ", ".join(values[:_LISTED]) + more
        yield _rule("enum", slot, missing, {"choices": texts(values)}, shown, values)
    elif slot.range in _WHOLE:
        yield _rule("type_integer", slot, missing, expected="a whole number")
    elif slot.range in _NUMBERS:
        yield _rule("type_number", slot, missing, expected="a number")
    elif slot.range == "boolean":
        yield _rule("type_boolean", slot, missing, expected="TRUE or FALSE", choices=("TRUE", "FALSE"))
    elif slot.range in _MOMENTS:
        formats = tuple(slot.annotations.get("date_formats", _MOMENTS[slot.range]).split("|"))
        moment = _moment(slot.range, cell_sql(slot, missing), formats)
        shown = " or ".join(_readable(form) for form in formats)
        yield _rule("type_date", slot, missing, {"moment": moment}, shown)
    elif slot.range not in _TEXTS:
        raise InputError(
            f"Slot {slot.name}: a column cannot hold the range {slot.range!r}.",
            did_you_mean(slot.range, [*_WHOLE, *_NUMBERS, *_MOMENTS, *_TEXTS, "boolean"]),
        )


def _moment(kind: str, cell: str, formats: tuple[str, ...]) -> str:
    """The functions to_date and to_datetime take up to four formats."""
    calls = [
        f"to_{kind}({cell}, {texts(formats[start : start + _FORMATS])})" for start in range(0, len(formats), _FORMATS)
    ]
    return calls[0] if len(calls) == 1 else f"coalesce({', '.join(calls)})"


def _readable(form: str) -> str:
    """A strptime format as people write it: %m/%d/%Y → MM/DD/YYYY."""
    for code, shown in (
        ("%Y", "YYYY"),
        ("%y", "YY"),
        ("%m", "MM"),
        ("%d", "DD"),
        ("%b", "Mon"),
        ("%B", "Month"),
    ):
        form = form.replace(code, shown)
    for code, shown in (
        ("%H", "hh"),
        ("%I", "hh"),
        ("%M", "mm"),
        ("%S", "ss"),
        ("%f", "ffffff"),
        ("%p", "AM"),
    ):
        form = form.replace(code, shown)
    return form


def _bounds(slot: Slot, missing: tuple[str, ...]) -> Iterator[Rule]:
    if slot.minimum is not None:
        yield _rule("minimum", slot, missing, {"bound": repr(slot.minimum)}, f"at least {slot.minimum:g}")
    if slot.maximum is not None:
        yield _rule("maximum", slot, missing, {"bound": repr(slot.maximum)}, f"at most {slot.maximum:g}")
    low, high = slot.annotations.get("plausible_minimum"), slot.annotations.get("plausible_maximum")
    if low is not None or high is not None:
        parts = {"low": repr(float(low or "-1e308")), "high": repr(float(high or "1e308"))}
        yield _rule("implausible", slot, missing, parts, f"{low or 'any'} to {high or 'any'}")
    if slot.pattern is not None:
        yield _rule("pattern", slot, missing, {"pattern": literal(slot.pattern)}, slot.pattern)


def _looks(slot: Slot, missing: tuple[str, ...]) -> Iterator[Rule]:
    yield _rule("control_characters", slot, missing)
    yield _rule("surrounding_blanks", slot, missing)
    # Where a type, a form or a list of values is declared, such a text breaks that rule already.
    if slot.permissible_values is None and slot.pattern is None and slot.range in _TEXTS:
        yield _rule("null_like", slot, missing, {"null_texts": texts(NULL_TEXTS)})


def texts(values: Iterable[str]) -> str:
    """Texts as a list of SQL literals."""
    return ", ".join(literal(value) for value in values)
