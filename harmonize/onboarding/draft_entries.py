"""The class derivations of a draft, filled in from mappings/onboarding/entries.yaml."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harmonize.mapping.compiler.bodies import short_code
from harmonize.mapping.explain.drafted import SUGGESTED
from harmonize.onboarding.draft import Draft, drafts, listed_as
from harmonize.onboarding.meaning import rules, stated_unit, words
from harmonize.vocabulary.sssom import NO_TERM, UNDECIDED

if TYPE_CHECKING:
    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.draft import Table

_OLDEST = 1970
_OF_TIME = ("day", "date", "index_date", "admission_day", "admission_date", "discharge_day", "discharge_date")
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
        _decide_repeated(draft, table)
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


def spare(draft: Draft, left: list[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """An observation for each column that is undecided, for a person to copy; nothing of it is part of the draft."""
    undecided = {(name, header) for name, header, reason in left if reason.startswith(UNDECIDED)}
    aside = Draft(draft.site, draft.policy, [], draft.units)
    return [
        _entry(aside, replace(table, used=set()), drafts()["spare"], column)
        for table in draft.tables
        for column in table.file.columns
        if table.patient and (table.name, column.header) in undecided and column.meaning not in _OF_TIME
    ]


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
            elif superfluous := _superfluous(table, column):
                reason = f"{SUGGESTED}{superfluous}"
                draft.decide("Columns", f"{table.name}: {column.header} is left out: {superfluous}.")
            else:
                said = (column.meaning or "").replace("_", " ")
                meaning = f", perhaps {said}" if said not in words(column.header) else ""
                reason = f"{UNDECIDED}nothing was drafted for it{meaning}"
                draft.decide(
                    "Columns", f"{table.name}: {column.header}{meaning}: map it, or say why not in excluded.tsv."
                )
            rows.append((table.name, column.header, reason))
    return rows


def _superfluous(table: Table, column: ColumnScan) -> str | None:
    rule = drafts()["superfluous"].get(column.meaning or "")
    return str(rule["reason"]) if rule and rule["beside"] in table.columns else None


def _decide_repeated(draft: Draft, table: Table) -> None:
    if table.repeated:
        draft.decide(
            "Keys",
            f"{table.name}: one value for each patient, on all of his or her lines, has {', '.join(table.repeated)}. "
            "Each becomes one row a patient. If they can change in later exports, say what dates them and remove "
            "submitter_id.",
        )


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
    if template.get("each") == "column":
        return [column for column in table.file.columns if column.meaning == template["of"] and not column.hidden]
    if template.get("each") == "flag":
        return list(table.flags)
    return [None]


def _entry(draft: Draft, table: Table, template: dict[str, Any], column: ColumnScan | None) -> dict[str, Any]:
    holes = {"site": draft.vocabulary, "class": table.name, **{m: c.name for m, c in table.columns.items()}}
    if column is not None:
        code = short_code(f"{table.name}.{column.name}")
        holes |= {"column": column.name, "header": column.header, "code": code}
        holes |= {"numeric" if column.is_number else "bounded": column.name}
        if column.name in table.undotted:
            holes |= {"undotted": column.name}
        if unit := stated_unit(column.header, draft.units):
            holes |= {"stated_unit": unit, "stated": "stated"}
        if column.unit is not None:
            rule = rules()["meanings"][column.meaning]
            holes |= {
                "unit": column.unit.unit,
                "basis": column.unit.basis,
                "number": column.unit.expr.replace("{x}", column.name),
                "ucum": rule["ucum"],
                "label": rule["label"],
            }
        holes["said"] = str([value for value in table.listed.get(column.name, []) if listed_as("assertion", value)])
    slots: dict[str, Any] = {"part_": {"value": _filled(template["part"], holes, table)}}
    for name, slot in template["slots"].items():
        if "date" in slot:
            slots |= _moment(table, name.removesuffix("_date"), slot["date"])
        elif (derived := _slot(draft, table, slot, holes)) is not None:
            slots[name] = derived
            _decide_values(draft, table, name, slot, derived)
    said = str(_filled(template["description"], holes, table))
    slots |= _time(draft, table, {**template, "description": said}, column)
    described = said if template is drafts()["spare"] else SUGGESTED + said
    return {"name": template["name"], "description": described, "populated_from": table.name, "slot_derivations": slots}


def _decide_values(draft: Draft, table: Table, name: str, slot: dict[str, Any], derived: dict[str, Any]) -> None:
    """Values of a list that no word of entries.yaml knows."""
    column = table.columns.get(slot.get("list", ""))
    meant = derived.get("value_mappings", {})
    unknown = ", ".join(f"'{value}'" for value, target in meant.items() if target is None)
    if column and unknown and derived["populated_from"] == column.name:
        said = f"{table.name}: {column.header} says {unknown}"
        draft.decide("Lists", f"{said}; write what that means in place of null under {name}, and wherever it is null.")


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
        is_text = meaning in table.columns and table.columns[meaning].kind in ("text", "result")
        chosen_slot = slot["if_text"] if is_text else {key: text for key, text in slot.items() if key != "if_text"}
        return _slot(draft, table, chosen_slot, holes) if chosen_slot else None
    return _derived(table, slot, holes) or (_slot(draft, table, slot["else"], holes) if "else" in slot else None)


def _derived(table: Table, slot: dict[str, Any], holes: dict[str, str]) -> dict[str, Any] | None:
    """A derivation by a column, constant or expression, with its table of values; None where the table lacks it."""
    derived: dict[str, Any] = {}
    for key in ("populated_from", "expr", "value"):
        if key in slot:
            filled = _filled(slot[key], holes, table)
            if filled is None:
                return None
            derived[key] = filled
    if "over_89" in slot:
        return {**derived, "value_mappings": dict.fromkeys(table.over_89, slot["over_89"])} if table.over_89 else None
    if "list" in slot:
        values = table.listed.get(str(derived["populated_from"]))
        if values is None:
            return None
        derived["value_mappings"] = {value: _meant(slot, value) for value in values}
    return derived


def _meant(slot: dict[str, Any], value: str) -> str | None:
    """What a value means in the list of a slot, as a code where the slot asks for that."""
    meant = listed_as(slot["list"], value)
    if meant is None or "codes" not in slot:
        return meant
    code = str(drafts()["codes"][slot["codes"]][meant])
    return None if code == NO_TERM else code


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


def _date(table: Table, meaning: str) -> dict[str, Any] | None:
    """The date of a column; of a time of day the date alone."""
    column = table.columns.get(meaning)
    if column is None:
        return None
    table.used.add(column.name)
    text, form = column.name, column.formats[0]
    if timed := re.fullmatch(r"(.+?)([ T])%[HI].*", form):
        form, parts = timed[1], [f"part({text}, '{timed[2]}', {n})" for n in range(1, timed[1].count(timed[2]) + 2)]
        text = parts[0] if len(parts) == 1 else f"join('{timed[2]}', [{', '.join(parts)}])"
    return {"expr": f"to_date({text}, '{form}')"}


def _moment(table: Table, slot: str, meaning: str) -> dict[str, Any]:
    """The slots `slot`_date, and `slot`_datetime where the column tells a time; none where the table lacks it."""
    dated, column = _date(table, meaning), table.columns.get(meaning)
    if dated is None or column is None:
        return {}
    if column.kind != "datetime":
        return {f"{slot}_date": dated}
    return {f"{slot}_date": dated, f"{slot}_datetime": {"expr": f"to_datetime({column.name}, '{column.formats[0]}')"}}


def _time(draft: Draft, table: Table, template: dict[str, Any], column: ColumnScan | None) -> dict[str, Any]:
    """The slots that date a row, and the name of an event that lines of one patient repeat."""
    kind = template.get("time")
    if kind is None:
        return {}
    column = column or table.columns.get(template.get("of", ""))
    repeats = column is not None and column.name in table.constant and not table.is_person
    slots: dict[str, Any] = {}
    if kind == "index" and repeats and column is not None:
        slots["submitter_id"] = {"expr": f"{table.patient} + '_{column.name}'"}
        table.repeated.append(column.header)
    if draft.policy == "offset":
        own = template.get("dated") in table.columns
        if kind == "index" and (repeats or table.is_person) and not own:
            return slots | _at_event(table, template)
        return slots | _by_day(draft, table, template, template["dated"] if own else "date")
    chosen = _dating(table, template, repeats)
    if chosen is None:
        said = column.header if column else template["part"]
        draft.decide(
            "Time",
            f"{table.name}: nothing dates {said}, so its rows stay out (no_date). Where a stay may date them, write "
            "start_imputation: {value: last_visit}.",
        )
        return slots
    if not repeats:
        _decide_undated(draft, table, template, chosen)
    dated = _moment(table, "study" if kind == "study" else "start", chosen)
    dated.pop("study_datetime", None)
    if chosen == "admission_date":  # the day is taken for that of the row, the minute is not
        dated.pop("start_datetime", None)
    return slots | dated


def _dating(table: Table, template: dict[str, Any], repeats: bool) -> str | None:
    """The meaning of the column that dates a row where dates stay dates: its own, that of what the row tells of, else
    that of the line, which is the admission where a line is a patient."""
    own = [template["dated"]] if "dated" in template else []
    event = ["index_date"] if repeats or _is_event(table, template) else []
    line = ["admission_date", "date"] if table.is_person else ["date", "admission_date"]
    return next((name for name in (*own, *event, *line, "index_date") if name in table.columns), None)


def _at_event(table: Table, template: dict[str, Any]) -> dict[str, Any]:
    """What happens once a patient: on day 0 where days are counted from this very thing, else imputed there."""
    if not _is_event(table, template):
        return {"start_imputation": {"value": "index_event"}}
    event = table.columns["index_date"]
    table.used.add(event.name)
    return {"start_day": {"expr": f"0 if {event.name} != None else None"}}


def _is_event(table: Table, template: dict[str, Any]) -> bool:
    """Whether the table's index date is, by its header, the date of what this derivation tells of."""
    event = table.columns.get("index_date")
    return event is not None and "event" in template and bool(re.search(template["event"], words(event.header)))


def _by_day(draft: Draft, table: Table, template: dict[str, Any], date: str) -> dict[str, Any]:
    is_study = template["time"] == "study"
    name = "days_to_study" if is_study else "start_day"
    for meaning in ("day", "admission_day") if date == "date" else ():
        if meaning in table.columns:
            table.used.add(table.columns[meaning].name)
            _decide_undated(draft, table, template, meaning)
            return {name: {"populated_from": table.columns[meaning].name}}
    both = {date, "index_date"} <= table.columns.keys()  # one alone tells no number of days, and is not used
    if both and (moment := _date(table, date)) and (event := _date(table, "index_date")):
        _decide_undated(draft, table, template, date)
        return {name: {"expr": f"days_between({event['expr']}, {moment['expr']})"}}
    return {} if is_study else {"start_imputation": {"value": "index_event"}}


def _decide_undated(draft: Draft, table: Table, template: dict[str, Any], meaning: str) -> None:
    """Lines in which the column that dates a row is blank: nothing of OMOP comes of them unless a person says so."""
    column = table.columns.get(meaning)
    blank = table.file.records - table.file.bad_lines - column.filled if column else 0
    if column is None or blank < 1:
        return
    instead = "index_event" if draft.policy == "offset" else "last_visit"
    day = "day 0" if draft.policy == "offset" else "the day of the patient's last stay"
    draft.decide(
        "Time",
        f"{table.name}: {column.header} is blank in {blank:,} lines, so what they tell ({template['description']}) has "
        f"no date and stays out of OMOP (a warning no_date; the line counts as loaded if it tells something else). If "
        f"{day} may stand for it, add start_imputation: {{value: {instead}}} beside its date.",
    )
