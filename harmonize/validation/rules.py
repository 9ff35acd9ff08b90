"""The rules: their texts (sql/validation/rules/) and those that a LinkML class declares for its
columns.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, InternalError, did_you_mean
from harmonize.engine.paths import root
from harmonize.engine.sql_text import literal, literals, quote
from harmonize.engine.yaml_text import read_yaml
from harmonize.schema.cells import cell_sql, missing_texts
from harmonize.schema.model import ClassDef, Slot
from harmonize.validation.keys import key_names
from harmonize.validation.spans import RULE, spans_of

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    `family` is the name of its file; `why`, `source` and `example` are told in docs/rules.md. `guard` is cheap SQL that
    is true wherever `where` is: only columns in which it is met are looked at closely. `shown` is SQL of what a finding
    keeps where that is not the cell as sent. `choices` names a list of sql/validation/lists/ that {choices} stands for.
    `asked` is `always`, or `validate` for what a load settles
    itself. The rest is of the rules of privacy, whose file tells what it means.
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
    in_names: bool = False
    kind: str | None = None
    mask: str | None = None
    guard: str | None = None
    shown: str | None = None
    choices: str | None = None
    asked: str = "always"


@dataclass(frozen=True)
class Rule:
    """A rule of one column: `where` is SQL over the staged table that is true of a bad cell, `guard` cheaper SQL that
    is true of every bad cell, `shown` SQL of what a finding keeps; `others` are other columns that it compares with."""

    rule: str
    slot: Slot
    where: str
    guard: str
    shown: str
    others: tuple[str, ...] = ()
    expected: str | None = None
    choices: tuple[str, ...] | None = None


@cache
def rule_texts() -> dict[str, RuleText]:
    """All rules by id: family by family (the files of sql/validation/rules/ by name), in each file's order.

    Raises InternalError for an id that two rules have.
    """
    texts: dict[str, RuleText] = {}
    for path in sorted((root("sql") / "validation" / "rules").glob("*.yaml")):
        for raw in read_yaml(path):
            text = RuleText(family=path.stem, rule=raw.pop("id"), **raw)
            if text.rule in texts:
                raise InternalError(f"Two rules have the id {text.rule}: of {texts[text.rule].family}, {text.family}.")
            texts[text.rule] = text
    return texts


def unasked_rules() -> list[str]:
    """The rules that a load does not ask: what it settles itself, and whether a delivery is complete."""
    return [text.rule for text in rule_texts().values() if text.asked == "validate"]


def date_formats(slot: Slot) -> tuple[str, ...]:
    """strptime formats of a slot that holds a date or time (annotation date_formats, divided by `|`)."""
    return tuple(slot.annotations.get("date_formats", _MOMENTS[slot.range]).split("|"))


def declared_rules(schema_class: ClassDef) -> list[Rule]:
    """The rules that the class declares for the cells of its columns.

    Range, required, enum, minimum_value, maximum_value and pattern of each slot; its annotations `date_formats`
    (strptime, divided by `|`), `plausible_minimum`, `plausible_maximum`, `offset` and those that are named like a rule.
    Every column is looked over for blanks around values, control characters, damaged letters and texts that look like
    an empty value. Raises InputError for a slot that a table cannot hold.
    """
    rules: list[Rule] = []
    for slot in schema_class.slots.values():
        if slot.multivalued:
            raise InputError(
                f"Class {schema_class.name}, slot {slot.name}: a column of a table is not multivalued.",
                "Remove `multivalued: true` from the source's schema.",
            )
        column = CheckedColumn(schema_class, slot)
        rules += [*_required(column), *_typed(column), *_bounds(column), *_annotated(column), *_looks(column)]
    return [*rules, *_spans(schema_class)]


def plain_rules(name: str) -> list[Rule]:
    """The rules for a column of which nothing is declared: is its text sound?"""
    column = CheckedColumn(ClassDef("", {}), Slot(name))
    return [column.rule("control_characters"), column.rule("damaged_text")]


@dataclass(frozen=True)
class CheckedColumn:
    """One slot of a class, and how rules write of its cells in SQL."""

    cls: ClassDef
    slot: Slot

    @property
    def cell(self) -> str:
        """The cell with missing texts as NULL."""
        return cell_sql(self.slot, missing_texts(self.cls))

    @property
    def formats(self) -> tuple[str, ...]:
        """strptime formats of a date or time."""
        return date_formats(self.slot)

    @property
    def moment(self) -> str:
        """The cell as what is compared: a date or time, else a number."""
        if self.slot.range not in _MOMENTS:
            return f"number({self.cell})"
        # The functions to_date and to_datetime take up to four formats.
        calls = [
            f"to_{self.slot.range}({self.cell}, {literals(self.formats[start : start + _FORMATS])})"
            for start in range(0, len(self.formats), _FORMATS)
        ]
        return calls[0] if len(calls) == 1 else f"coalesce({', '.join(calls)})"

    def rule(
        self,
        name: str,
        parts: dict[str, str] | None = None,
        expected: str | None = None,
        choices: tuple[str, ...] | None = None,
        others: tuple[str, ...] = (),
    ) -> Rule:
        """The rule of that name on this column, `parts` put in for its names."""
        text = rule_texts()[name]
        if text.where is None:
            raise InternalError(f"Rule {name} of sql/validation/rules/ has no `where`.")
        if text.choices:
            parts = {"choices": literals(listed(text.choices)), **(parts or {})}
            choices = (expected,) if expected else listed(text.choices)
        known = {"raw": quote(self.slot.name), "cell": self.cell, **(parts or {})}
        if "{moment}" in text.where + (text.guard or ""):
            known.setdefault("moment", self.moment)
        where, guard, shown = (
            re.sub(r"\{([a-z_]+)\}", lambda match: known[match[1]], sql)
            for sql in (text.where, text.guard or text.where, text.shown or "{raw}")
        )
        return Rule(name, self.slot, where, guard, shown, others, expected, choices)


@cache
def listed(name: str) -> tuple[str, ...]:
    """The texts of a list: the first column of sql/validation/lists/<name>.tsv."""
    lines = (root("sql") / "validation" / "lists" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(line.partition("\t")[0] for line in lines[1:])


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """What may be meant by a text that stands for a listed value, by the text in small letters; most mean one value."""
    meant: dict[str, tuple[str, ...]] = {}
    lines = (root("sql") / "validation" / "lists" / "synonym.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for text, value in (line.split("\t") for line in lines):
        meant[text] = (*meant.get(text, ()), value)
    return meant


@cache
def designations() -> tuple[tuple[str, str, str], ...]:
    """Other words for the codes of FHIR's lists: (key of the list, text in small letters, code), as schemas/fhir has
    them (harmonize.schema.fhir_designations)."""
    lines = (root("schemas") / "fhir" / "designations.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return tuple((key, text, code) for key, text, code in csv.reader(lines, delimiter="\t"))


def _required(column: CheckedColumn) -> Iterator[Rule]:
    if column.slot.required or column.slot.identifier:
        yield column.rule("required")


def _typed(column: CheckedColumn) -> Iterator[Rule]:
    slot = column.slot
    values = slot.permissible_values
    if values is not None and len(values) == 1 and slot.required:
        yield column.rule("constant", {"choices": literals(values)}, values[0], values)
    elif values is not None:
        more = f" … ({len(values)} values)" if len(values) > _LISTED else ""
        yield column.rule("enum", {"choices": literals(values)}, ", ".join(values[:_LISTED]) + more, values)
    elif slot.range in _WHOLE | _NUMBERS:
        is_offset = "offset" in slot.annotations
        # A date where an offset belongs is told as such, and not as a wrong number too.
        parts = {"unless": f" AND NOT ({rule_texts()['date_for_offset'].where})" if is_offset else ""}
        parts["unless"] = parts["unless"].replace("{cell}", column.cell)
        if slot.range in _WHOLE:
            yield column.rule("type_integer", parts, "a whole number")
        else:
            yield column.rule("type_number", parts, "a number")
        if is_offset:
            yield column.rule("date_for_offset")
    elif slot.range == "boolean":
        yield column.rule("type_boolean", None, "TRUE or FALSE", ("TRUE", "FALSE"))
    elif slot.range in _MOMENTS:
        shown = " or ".join(_readable(form) for form in column.formats)
        yield column.rule("type_date", None, shown)
        yield column.rule("offset_for_date", None, shown)
        yield column.rule("implausible_year", {"years": _years()})
    elif slot.range not in _TEXTS:
        raise InputError(
            f"Slot {slot.name}: a column cannot hold the range {slot.range!r}.",
            did_you_mean(slot.range, [*_WHOLE, *_NUMBERS, *_MOMENTS, *_TEXTS, "boolean"]),
        )


def _years() -> str:
    """The years after 1900 that are over, as a pattern: a date with one of them needs no second look."""
    return literal("|".join(str(year) for year in range(1901, date.today().year)))


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


def _bounds(column: CheckedColumn) -> Iterator[Rule]:
    slot = column.slot
    if slot.minimum is not None:
        yield column.rule("minimum", {"bound": repr(slot.minimum)}, f"at least {slot.minimum:g}")
    if slot.maximum is not None:
        yield column.rule("maximum", {"bound": repr(slot.maximum)}, f"at most {slot.maximum:g}")
    low, high = slot.annotations.get("plausible_minimum"), slot.annotations.get("plausible_maximum")
    if low is not None or high is not None:
        # What breaks a bound is told as that, and not as implausible too.
        least = "-1e308" if slot.minimum is None else repr(slot.minimum)
        most = "1e308" if slot.maximum is None else repr(slot.maximum)
        parts = {
            "low": repr(float(low or "-1e308")),
            "high": repr(float(high or "1e308")),
            "least": least,
            "most": most,
        }
        yield column.rule("implausible", parts, f"{low or 'any'} to {high or 'any'}")
    if slot.pattern is not None:
        yield column.rule("pattern", {"pattern": literal(slot.pattern)}, slot.annotations.get("form", slot.pattern))


def _annotated(column: CheckedColumn) -> Iterator[Rule]:
    """Rules that an annotation of their name asks for. Its value gives what the rule's SQL names, `name=column` (that
    column's number or date) or `name=text`, several with blanks between."""
    slots = column.cls.slots
    for name, value in column.slot.annotations.items():
        text = rule_texts().get(name)
        if text is None or text.where is None:
            continue
        given = dict(part.split("=", 1) for part in value.split() if "=" in part)
        others = {part: CheckedColumn(column.cls, slots[other]) for part, other in given.items() if other in slots}
        parts = {part: literal(other) for part, other in given.items()}
        parts |= {part: other.moment for part, other in others.items()}
        shown = " and ".join(other.slot.header for other in others.values())
        expected = given.get("expected") or shown or None
        yield column.rule(name, parts, expected, None, tuple(other.slot.name for other in others.values()))


def _spans(cls: ClassDef) -> Iterator[Rule]:
    """What ends before it begins, as the mapping reads start and end (`harmonize.validation.spans`)."""
    missing = missing_texts(cls)
    for name, others, *sides in spans_of(cls):
        end, start = (
            re.sub(r's\."([^"]+)"', lambda match: f"({cell_sql(cls.slots[match[1]], missing)})", side) for side in sides
        )
        shown = " and ".join(cls.slots[other].header for other in others)
        column = CheckedColumn(cls, cls.slots[name])
        yield column.rule(RULE, {"moment": f"({end})", "start": f"({start})"}, shown, None, tuple(others))


def _looks(column: CheckedColumn) -> Iterator[Rule]:
    slot = column.slot
    for name in ("control_characters", "damaged_text", "surrounding_blanks"):
        yield column.rule(name)
    if column.cls.annotations.get("special_characters") == "true":
        yield column.rule("special_characters")
    # Where a type, a form or a list of values is declared, such a text breaks that rule already.
    has_form = slot.pattern is not None or "uid_form" in slot.annotations
    if slot.name in key_names(column.cls) and slot.range in _TEXTS and not has_form:
        yield from (column.rule(name) for name in ("key_characters", "spreadsheet_key"))
    if slot.permissible_values is None and slot.pattern is None and slot.range in _TEXTS:
        yield column.rule("null_like", {"null_texts": literals(NULL_TEXTS)})
