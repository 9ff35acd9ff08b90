"""What dates the rows of a draft: days from an event, dates of the calendar, or nothing that the files tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from harmonize.onboarding.meaning import words

if TYPE_CHECKING:
    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.draft import Draft, Table

_OLDEST = 1970
_UNFILLED = frozenset({"note"})
"""Classes of the hub whose rows nothing but their own day dates (compiler/imputation.py)."""


def decide_time(draft: Draft) -> None:
    """Note what of the time must be decided before all else."""
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


def moment_slots(table: Table, slot: str, meaning: str) -> dict[str, Any]:
    """The slots `slot`_date, and `slot`_datetime where the column tells a time; none where the table lacks it."""
    dated, column = _date(table, meaning), table.columns.get(meaning)
    if dated is None or column is None:
        return {}
    if column.kind != "datetime":
        return {f"{slot}_date": dated}
    return {f"{slot}_date": dated, f"{slot}_datetime": {"expr": f"to_datetime({column.name}, '{column.formats[0]}')"}}


def time_slots(draft: Draft, table: Table, template: dict[str, Any], column: ColumnScan | None) -> dict[str, Any]:
    """The slots that date a row, and the name of an event that lines of one patient repeat."""
    kind = template.get("time")
    if kind is None:
        return {}
    if kind == "death":
        return _at_death(draft, table)
    column = column or table.columns.get(template.get("of", ""))
    repeats = column is not None and column.name in table.constant and not table.is_person
    slots: dict[str, Any] = {}
    if kind == "index" and repeats and column is not None:
        slots["submitter_id"] = {"expr": f"{table.patient} + '_{column.name}'"}
        table.repeated.append(column.header)
    if draft.policy == "offset":
        own = template.get("dated") in table.columns
        if kind == "index" and (repeats or table.is_person) and not own:
            return slots | _at_event(table, template, column)
        return slots | _by_day(draft, table, template, template["dated"] if own else "date", column)
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
    dated = moment_slots(table, "study" if kind == "study" else "start", chosen)
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


def _at_death(draft: Draft, table: Table) -> dict[str, Any]:
    """The day of a death: the one that is told, else that of the last event, as imputed."""
    slots: dict[str, Any] = {}
    told = [name for name in ("death_date", "death_day") if name in table.columns]
    if "death_day" in told and draft.policy == "offset":
        table.used.add(table.columns["death_day"].name)
        slots["start_day"] = {"populated_from": table.columns["death_day"].name}
    elif "death_date" in told and draft.policy == "as_is":
        slots |= moment_slots(table, "start", "death_date")
    elif {"death_date", "index_date"} <= table.columns.keys() and draft.policy == "offset":
        died, event = _date(table, "death_date"), _date(table, "index_date")
        if died and event:
            slots["start_day"] = {"expr": f"days_between({event['expr']}, {died['expr']})"}
    undated = "no column tells when" if not slots else "where the day is blank, nothing tells when"
    draft.decide(
        "Deaths",
        f"{table.name}: {undated} a patient died; the death is drafted on the day of the patient's last event and "
        "marked as imputed. Under start_imputation of the death you may choose last_event, last_exam (the last exam), "
        "index_event (day 0) or, where stays are loaded, visit_end; without start_imputation it becomes an observation "
        "and no row of omop.death.",
    )
    return {**slots, "start_imputation": {"value": "last_event"}}


def _at_event(table: Table, template: dict[str, Any], column: ColumnScan | None) -> dict[str, Any]:
    """What happens once a patient: on day 0 where days are counted from this very thing, else imputed there."""
    if not _is_event(table, template):
        table.on_index.append(column.header if column else template["part"])
        return {"start_imputation": {"value": "index_event"}}
    event = table.columns["index_date"]
    table.used.add(event.name)
    return {"start_day": {"expr": f"0 if {event.name} != None else None"}}


def _is_event(table: Table, template: dict[str, Any]) -> bool:
    """Whether the table's index date is, by its header, the date of what this derivation tells of."""
    event = table.columns.get("index_date")
    return event is not None and "event" in template and bool(re.search(template["event"], words(event.header)))


def _by_day(
    draft: Draft, table: Table, template: dict[str, Any], date: str, column: ColumnScan | None
) -> dict[str, Any]:
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
    if is_study or table.counts_otherwise or template["name"] in _UNFILLED:
        draft.decide("Time", f"{table.name}: nothing dates {template['description']}, so its rows stay out (no_date).")
        return {}
    table.on_index.append(column.header if column else template["description"])
    return {"start_imputation": {"value": "index_event"}}


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


def decide_index(draft: Draft, table: Table) -> None:
    """Note what was put on the day of the event for want of a day of its own."""
    if table.on_index:
        draft.decide(
            "Time",
            f"{table.name}: no day is told for {', '.join(dict.fromkeys(table.on_index))}; drafted on day 0 and marked "
            "as imputed (start_imputation). What dates them better? Without start_imputation they stay out of OMOP.",
        )
