"""The class derivations of a draft, filled in from mappings/onboarding/entries.yaml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from harmonize.mapping.bodies import short_code
from harmonize.mapping.drafted import SUGGESTED, UNDECIDED
from harmonize.onboarding.draft import drafts
from harmonize.onboarding.meaning import rules

if TYPE_CHECKING:
    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.draft import Draft, Table

_OLDEST = 1970
_HOLE = re.compile(r"\{(\w+)\}")


def entries(draft: Draft) -> list[dict[str, Any]]:
    """All derivations; notes which columns they use and what of the time must be decided."""
    _decide_time(draft)
    found = []
    for table in draft.tables:
        for template in drafts()["entries"]:
            if _fits(draft, table, template):
                for column in _each(table, template):
                    found.append(_entry(draft, table, template, column))
        table.used |= {name for name in table.key if len(table.key) == 1}
    if all(entry["name"] != "case" for entry in found):
        found.insert(0, _bare_case(draft))
    return found


def _bare_case(draft: Draft) -> dict[str, Any]:
    """The patients of the first table that names them, where no table says more of them."""
    table = next(table for table in draft.tables if table.patient)
    draft.decide(
        "Persons",
        f"No table tells sex, age or race. Persons are made of the ids in {table.name} alone; records of other tables "
        "wait (no_person) until their patient comes.",
    )
    (template,) = [template for template in drafts()["entries"] if template["part"] == "case"]
    return _entry(draft, table, template, None)


def excluded(draft: Draft) -> list[tuple[str, str, str]]:
    """(class, header, reason) of the columns that no derivation uses."""
    rows = []
    for table in draft.tables:
        left = [column for column in table.file.columns if column.name not in table.used]
        for column in left:
            if column.hidden:
                reason = f"may tell who somebody is ({', '.join(column.private)})"
            elif not column.filled:
                reason = "blank in the export that was profiled"
            else:
                meaning = f", perhaps {column.meaning.replace('_', ' ')}" if column.meaning else ""
                reason = f"{UNDECIDED}nothing was drafted for it{meaning}"
                draft.decide(
                    "Columns", f"{table.name}: {column.header}{meaning}: map it, or say why not in excluded.tsv."
                )
            rows.append((table.name, column.header, reason))
    return rows


def _decide_time(draft: Draft) -> None:
    if draft.policy == "offset":
        said = (
            "Days are counted from an event (time policy offset, day 0 is 2020-01-01). Which event is it, and is it the"
            " same in all tables? Calendar dates beside it become days between the event's date and theirs."
        )
    else:
        said = (
            "Dates are loaded as they are (time policy as_is). Are they real? They identify people then: have them"
            " moved or counted from an event first. Did the contributor move them? Then write shifted_by_source: true"
            " under time in project.yaml."
        )
    draft.decide("Time", said)
    for table in draft.tables:
        old = [
            c.header for c in table.file.columns if c.earliest and c.earliest < _OLDEST and c.meaning != "birth_date"
        ]
        if old:
            draft.decide(
                "Time",
                f"{table.name}: {', '.join(old)} reach back before {_OLDEST}. Dates moved so far are best told as "
                "days: policy offset with a source_anchor, the date that stands for day 0.",
            )
        dates = [
            column
            for meaning, column in table.columns.items()
            if meaning in ("date", "admission_date", "discharge_date")
        ]
        if draft.policy == "offset" and dates and "index_date" not in table.columns:
            told = ", ".join(column.header for column in dates)
            draft.decide("Time", f"{table.name}: {told} are calendar dates and the event's date is not in this table.")


def _fits(draft: Draft, table: Table, template: dict[str, Any]) -> bool:
    has = table.columns.keys()
    return (
        set(template.get("needs", ())) <= has
        and (not template.get("any") or bool(has & set(template["any"])))
        and not has & set(template.get("without", ()))
        and template.get("policy", draft.policy) == draft.policy
    )


def _each(table: Table, template: dict[str, Any]) -> list[ColumnScan | None]:
    if template.get("each") == "quantity":
        return [column for column in table.file.columns if column.unit is not None and not column.hidden]
    if template.get("each") == "flag":
        return list(table.flags)
    return [None]


def _entry(draft: Draft, table: Table, template: dict[str, Any], column: ColumnScan | None) -> dict[str, Any]:
    holes = {"site": draft.vocabulary, "class": table.name, **{m: c.name for m, c in table.columns.items()}}
    if column is not None:
        holes |= {"column": column.name, "code": short_code(f"{table.name}.{column.name}")}
        if column.unit is not None:
            rule = rules()["meanings"][column.meaning]
            holes |= {
                "unit": column.unit.unit,
                "basis": column.unit.basis,
                "number": column.unit.expr.replace("{x}", column.name),
                "ucum": rule["ucum"],
                "label": rule["label"],
            }
        holes["said"] = str([value for value in table.listed.get(column.name, []) if _listed("assertion", value)])
    slots: dict[str, Any] = {"part_": {"value": _filled(template["part"], holes, table)}}
    for name, slot in template["slots"].items():
        derived = _slot(draft, table, slot, holes)
        if derived is not None:
            slots[name] = derived
    slots |= _time(draft, table, template, column)
    described = SUGGESTED + str(_filled(template["description"], holes, table))
    return {"name": template["name"], "description": described, "populated_from": table.name, "slot_derivations": slots}


def _slot(draft: Draft, table: Table, slot: dict[str, Any], holes: dict[str, str]) -> dict[str, Any] | None:
    """One slot derivation; None where the table lacks what it names."""
    if "first" in slot:
        chosen = next((meaning for meaning in slot["first"] if meaning in table.columns), None)
        return _slot(draft, table, {"populated_from": f"{{{chosen}}}"}, holes) if chosen else None
    if "visit" in slot:
        # As the stay itself is drafted: by its date where dates are kept, else by its day.
        start = "admission_date" if draft.policy == "as_is" and "admission_date" in table.columns else "admission_day"
        return _slot(draft, table, {"expr": f"{{patient}} + '_' + coalesce({{{start}}}, 'undated')"}, holes)
    if "if_text" in slot:
        meaning = _HOLE.findall(slot["if_text"]["expr"].replace("{site}", "").replace("{class}", ""))[0]
        is_text = meaning in table.columns and table.columns[meaning].kind == "text"
        chosen_slot = slot["if_text"] if is_text else {key: text for key, text in slot.items() if key != "if_text"}
        return _slot(draft, table, chosen_slot, holes) if chosen_slot else None
    if "date" in slot:
        return _date(table, slot["date"])
    derived: dict[str, Any] = {}
    for key, text in slot.items():
        if key == "list":
            values = table.listed.get(str(derived["populated_from"]))
            if values is None:
                return None
            derived["value_mappings"] = {value: _listed(text, value) for value in values}
            continue
        filled = _filled(text, holes, table)
        if filled is None:
            return None
        derived[key] = filled
    return derived


def _filled(text: str, holes: dict[str, str], table: Table) -> str | None:
    """A text with its holes filled; None where one cannot be. Columns that are read count as used."""
    names = set(_HOLE.findall(text))
    if not names <= holes.keys():
        return None
    for name in names:
        column = next((c for c in table.file.columns if c.name == holes[name]), None)
        if column is not None and name not in ("site", "class"):
            table.used.add(column.name)
    return _HOLE.sub(lambda found: holes[found[1]], text)


def _listed(name: str, value: str) -> str | None:
    """What a value of the source means in a list of entries.yaml; None where that is not known."""
    for target, words in drafts()["lists"][name].items():
        if value.strip().lower() in words:
            return str(target)
    return None


def _date(table: Table, meaning: str) -> dict[str, Any] | None:
    column = table.columns.get(meaning)
    if column is None:
        return None
    table.used.add(column.name)
    return {"expr": f"to_date({column.name}, '{column.formats[0]}')"}


def _time(draft: Draft, table: Table, template: dict[str, Any], column: ColumnScan | None) -> dict[str, Any]:
    """The slots that date a row, and the name of an event that lines of one patient repeat."""
    kind = template.get("time")
    if kind is None:
        return {}
    repeats = column is not None and column.name in table.constant and not table.is_person
    slots: dict[str, Any] = {}
    if kind == "index" and repeats and column is not None:
        slots["submitter_id"] = {"expr": f"{table.patient} + '_{column.name}'"}
    if draft.policy == "offset":
        return slots | _by_day(table, kind, repeats or (kind == "index" and table.is_person))
    name = "study_date" if kind == "study" else "start_date"
    dated = _date(table, "index_date") if repeats else None
    dated = dated or _date(table, "date") or _date(table, "admission_date") or _date(table, "index_date")
    if dated is None:
        said = column.header if column else template["part"]
        draft.decide(
            "Time",
            f"{table.name}: nothing dates {said}, so its rows stay out (no_date). Where a stay may date them, write "
            "start_imputation: {value: last_visit}.",
        )
    return slots | ({name: dated} if dated else {})


def _by_day(table: Table, kind: str, at_index: bool) -> dict[str, Any]:
    name = "days_to_study" if kind == "study" else "start_day"
    if at_index and kind == "index":
        return {"start_imputation": {"value": "index_event"}}
    for meaning in ("day", "admission_day"):
        if meaning in table.columns:
            table.used.add(table.columns[meaning].name)
            return {name: {"populated_from": table.columns[meaning].name}}
    moment, event = _date(table, "date"), _date(table, "index_date")
    if moment and event:
        return {name: {"expr": f"days_between({event['expr']}, {moment['expr']})"}}
    return {} if kind == "study" else {"start_imputation": {"value": "index_event"}}
