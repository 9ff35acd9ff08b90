"""What a mapping that compiles may still get wrong without a word: dates read in another form than the schema says,
day 0 in a project that has none, rows of value sets whose code nothing makes, and codes of the site's own that have no
row."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.mapping.compiler.compile import project_defaults, source_schema, spec_file
from harmonize.mapping.compiler.spec import read_spec
from harmonize.mapping.explain.without_row import without_row
from harmonize.mapping.syntax import parse
from harmonize.vocabulary.sssom import read_sssom, sssom_files
from harmonize.vocabulary.value_set_check import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harmonize.mapping.compiler.spec import ClassDerivation, SlotDerivation, Spec
    from harmonize.schema.model import Schema

_DATES = ("to_date", "to_datetime")


def advice(folder: Path) -> list[Problem]:
    """Warnings of a mapping that compiles, by file and line."""
    spec = read_spec(spec_file(folder))
    schema = source_schema(folder, spec.source_schema)
    return [
        *_dates(spec, schema),
        *_without_day_0(folder, spec),
        *_unused_rows(folder, spec),
        *without_row(folder, spec, schema),
    ]


def _without_day_0(folder: Path, spec: Spec) -> Iterator[Problem]:
    """Rows that are to stand on day 0 where the project, by the mapping's own word, keeps the dates of a calendar."""
    policy = (project_defaults(folder).get("time") or {}).get("policy")
    if policy not in ("as_is", "shifted"):
        return
    for _, slot in _slots(spec.classes):
        if slot.name == "start_imputation" and "index_event" in _constants(slot):
            yield Problem(
                spec.file.replace("\\", "/").rpartition("/")[2],
                slot.line,
                "error",
                f"slot start_imputation: index_event is day 0, and a project of the time policy {policy} "
                "(project.yaml) has none; such rows get no date.",
                "Write policy: offset in project.yaml where days are counted, or another way to a date here.",
            )


def _constants(slot: SlotDerivation) -> set[str]:
    """The texts that a slot may be given, as far as its constants tell."""
    if slot.value_mappings is not None:
        return {str(value) for value in slot.value_mappings.values()}
    if slot.has_value:
        return {str(slot.value)}
    return {
        node.value for node in ast.walk(_tree(slot)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _slots(entries: tuple[ClassDerivation, ...]) -> Iterator[tuple[str, SlotDerivation]]:
    """(source class, slot) of all derivations, nested ones too."""
    for entry in entries:
        for slot in entry.slots.values():
            yield entry.source, slot
            yield from _slots(slot.objects)


def _dates(spec: Spec, schema: Schema) -> Iterator[Problem]:
    for source, slot in _slots(spec.classes):
        for call in ast.walk(_tree(slot)):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _DATES):
                continue
            column, *forms = call.args
            known = schema.classes.get(source)
            if not isinstance(column, ast.Name) or known is None or column.id not in known.slots:
                continue
            read = [form.value for form in forms if isinstance(form, ast.Constant)]
            forms_said = known.slots[column.id].annotations.get("date_formats", "").split("|")
            declared = [form for form in forms_said if form and _has_time(form) == (call.func.id == "to_datetime")]
            if lacking := [form for form in declared if form not in read]:
                header = known.slots[column.id].alias or column.id
                yield Problem(
                    spec.file.replace("\\", "/").rpartition("/")[2],
                    slot.line,
                    "warning",
                    f"slot {slot.name}: {call.func.id} does not read {header!r} as {' or '.join(lacking)}, as the "
                    "schema says that it is written; such dates become nothing.",
                    f"Write {call.func.id}({column.id}, {', '.join(repr(form) for form in declared)}), or correct "
                    "date_formats in the schema.",
                )


def _has_time(form: str) -> bool:
    return "%H" in form or "%I" in form


def _tree(slot: SlotDerivation) -> ast.AST:
    return parse(slot.expr) if slot.expr is not None else ast.Module([], [])


@dataclass(frozen=True)
class _Code:
    """How a code begins that a slot makes, or the whole of it; `folded`: what follows is in small letters."""

    text: str
    whole: bool = False
    folded: bool = False

    def makes(self, code: str) -> bool:
        """Whether it may be this code; a long one is cut and ends in ~ and 8 digits."""
        if self.whole and code == self.text:
            return True
        kept, cut, digits = code.rpartition("~")
        if cut and len(digits) == 8:
            return self.text.startswith(kept) or (not self.whole and kept.startswith(self.text))
        rest = code.removeprefix(self.text)
        return not self.whole and code.startswith(self.text) and (not self.folded or rest == rest.lower().strip())


def _unused_rows(folder: Path, spec: Spec) -> Iterator[Problem]:
    made = [code for _, slot in _slots(spec.classes) if slot.name.endswith("coding") for code in _codes_of(slot)]
    if any(not code.text and not code.whole for code in made):
        return  # a column gives codes as they are: any may come
    for path in sssom_files(folder):
        for row in read_sssom(path).rows:
            subject = row["subject_id"]
            if not any(code.makes(subject) for code in made):
                small = next((c.text for c in made if c.folded and subject.startswith(c.text)), None)
                hint = (
                    f"It is compared in small letters: {small}{subject.removeprefix(small).lower().strip()}"
                    if small
                    else None
                )
                yield Problem(
                    path.name, row.line, "warning", f"Nothing in the mapping makes {subject}: this row is never used.",
                    hint or "Compare it with the slots `coding`, `value_coding` ... of the specification.",
                )  # fmt: skip


def _codes_of(slot: SlotDerivation) -> Iterator[_Code]:
    if slot.value_mappings is not None:
        yield from (_Code(str(value), whole=True) for value in slot.value_mappings.values())
    elif slot.has_value:
        yield _Code(str(slot.value), whole=True)
    elif slot.expr is not None:
        yield from _codes(parse(slot.expr))
    else:
        yield _Code("")


def _codes(node: ast.AST) -> list[_Code]:
    """The codes that an expression may give, as far as its constants tell."""
    match node:
        case ast.Constant(value=value):
            return [] if value is None else [_Code(str(value), whole=True)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [_joined(one, other) for one in _codes(left) for other in (_codes(right) if one.whole else [one])]
        case ast.IfExp(body=body, orelse=other):
            return [*_codes(body), *_codes(other)]
        case ast.BoolOp(values=values):
            return [code for value in values for code in _codes(value)]
        case ast.Call(func=ast.Name(id=name), args=args):
            return _call(name, args)
    return [_Code("")]


def _joined(one: _Code, other: _Code) -> _Code:
    return _Code(one.text + other.text, other.whole, other.folded) if one is not other else one


def _call(name: str, args: list[Any]) -> list[_Code]:
    if name == "case":
        return [code for pair in args if isinstance(pair, ast.Tuple) for code in _codes(pair.elts[1])]
    if name == "coalesce":
        return [code for arg in args for code in _codes(arg)]
    if name in ("short_code", "strip"):
        return _codes(args[0])
    return [_Code("", folded=name == "lower")]
