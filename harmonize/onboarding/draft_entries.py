"""The class derivations of a draft, filled in from mappings/onboarding/entries.yaml."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harmonize.mapping.compiler.bodies import short_code
from harmonize.mapping.explain.drafted import SUGGESTED
from harmonize.onboarding.draft import Draft, drafts, listed_as
from harmonize.onboarding.draft_time import decide_index, decide_time, moment_slots, time_slots
from harmonize.onboarding.meaning import rules, stated_unit, words
from harmonize.vocabulary.sssom import NO_TERM, UNDECIDED

if TYPE_CHECKING:
    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.draft import Table

_OF_TIME = ("day", "date", "index_date", "admission_day", "admission_date", "discharge_day", "discharge_date")
_SENTENCE = 30
"""So many characters the longest of free words has; shorter ones are terms of a list."""
_HOLE = re.compile(r"\{(\w+)\}")


def entries(draft: Draft) -> list[dict[str, Any]]:
    """All derivations; notes which columns they use and what of the time must be decided."""
    decide_time(draft)
    found = []
    for table in draft.tables:
        for template in drafts()["entries"]:
            if _fits(draft, table, template):
                for column in _each(table, template):
                    found.append(_entry(draft, table, template, column))
        _decide_repeated(draft, table)
        decide_index(draft, table)
        _decide_flags(draft, table)
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
                reason = f"may identify a person ({', '.join(column.private)})"
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
        return [
            column
            for column in table.file.columns
            if column.meaning == template["of"] and not column.hidden and _may_be_read(column)
        ]
    if template.get("each") in ("condition", "statement"):
        are_conditions = template["each"] == "condition"
        return [column for column in table.flags if (column.name in table.conditions) == are_conditions]
    return [None]


def _may_be_read(column: ColumnScan) -> bool:
    """Whether it is drafted: of reports those in sentences, in which privacy found nothing, as whole texts are kept."""
    return column.meaning != "report" or (column.longest >= _SENTENCE and not column.private)


def _entry(draft: Draft, table: Table, template: dict[str, Any], column: ColumnScan | None) -> dict[str, Any]:
    holes = {"site": draft.vocabulary, "class": table.name, **{m: c.name for m, c in table.columns.items()}}
    holes |= {f"{m}_header": c.header for m, c in table.columns.items()}
    holes |= _answers(table)
    if column is not None:
        code = short_code(f"{table.name}.{column.name}")
        holes |= {"column": column.name, "header": column.header, "code": code, "own": column.own or column.header}
        holes |= {"header_text": repr(column.header)}
        if re.search(rules()["past"], words(column.header)):
            holes |= {"past": "history"}
        if column.kind == "flag":
            holes |= {"flagged": str([v for v in table.listed.get(column.name, []) if listed_as("assertion", v)])}
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
            slots |= moment_slots(table, name.removesuffix("_date"), slot["date"])
        elif (derived := _slot(draft, table, slot, holes)) is not None:
            slots[name] = derived
            _decide_values(draft, table, name, slot, derived)
    said = str(_filled(template["description"], holes, table))
    slots |= time_slots(draft, table, {**template, "description": said}, column)
    described = said if template is drafts()["spare"] else SUGGESTED + said
    return {"name": template["name"], "description": described, "populated_from": table.name, "slot_derivations": slots}


def _answers(table: Table) -> dict[str, str]:
    """The values of columns of Yes and No that say Yes, and those that say No, by meaning_yes and meaning_no."""
    found = {}
    for meaning, column in table.columns.items():
        if values := table.listed.get(column.name):
            said = "died" if meaning == "death" else "answer"
            for answer in ("Yes", "No"):
                found[f"{meaning}_{answer.lower()}"] = str([v for v in values if listed_as(said, v) == answer])
    return found


def _decide_flags(draft: Draft, table: Table) -> None:
    """What columns of Yes and No were taken for."""
    conditions = ", ".join(column.header for column in table.flags if column.name in table.conditions)
    statements = ", ".join(column.header for column in table.flags if column.name not in table.conditions)
    if table.flags:
        taken = [
            f"for {kind} {names}" for kind, names in (("conditions", conditions), ("statements", statements)) if names
        ]
        draft.decide(
            "Yes and No",
            f"{table.name}: taken {'; '.join(taken)}. Yes is the condition or statement, No an observation with the "
            "value No, everything else nothing. Does a blank mean No at your site? Is one of the statements a "
            "condition or a procedure (then write that class in place of observation)?",
        )


def _decide_values(draft: Draft, table: Table, name: str, slot: dict[str, Any], derived: dict[str, Any]) -> None:
    """Values of a list that no word of entries.yaml knows."""
    column = table.columns.get(slot.get("list", ""))
    if column is not None and column.kind == "flag":
        return  # what is neither Yes nor No says nothing
    meant = derived.get("value_mappings", {})
    unknown = ", ".join(f"'{value}'" for value, target in meant.items() if target is None)
    if column and unknown and derived["populated_from"] == column.name:
        said = f"{table.name}: {column.header} says {unknown}"
        draft.decide("Lists", f"{said}; write what that means in place of null under {name}, and wherever it is null.")


def _slot(draft: Draft, table: Table, slot: dict[str, Any], holes: dict[str, str]) -> dict[str, Any] | None:
    """One slot derivation; None where the table lacks what it names."""
    if slot.get("unless") in holes:
        return None
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
