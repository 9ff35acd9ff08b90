"""Reads LinkML schemas into `Schema`; linkml is imported only when no compiled plan is at hand."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import root
from harmonize.engine.plans import cached
from harmonize.engine.yaml_text import load_yaml
from harmonize.schema import model
from harmonize.schema.imports import check_imports, closed_view, schema_texts
from harmonize.schema.model import ClassDef, Schema, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linkml_runtime import SchemaView

# Constraints of LinkML that the engine does not apply: refused rather than passed over.
UNREAD = (
    "any_of",
    "all_of",
    "none_of",
    "exactly_one_of",
    "equals_string",
    "equals_string_in",
    "equals_number",
    "equals_expression",
    "minimum_cardinality",
    "maximum_cardinality",
    "exact_cardinality",
    "value_presence",
    "structured_pattern",
    "has_member",
    "all_members",
    "ifabsent",
    "range_expression",
    "enum_range",
)
UNREAD_CLASS = (
    "any_of",
    "all_of",
    "none_of",
    "exactly_one_of",
    "rules",
    "slot_conditions",
    "classification_rules",
)
# Schemas that this process has read already: a load asks for that of the hub some twenty times. None is ever changed.
_read: dict[tuple[str, str], Schema] = {}
_MOST_READ = 64
UNREAD_ENUM = ("include", "minus", "inherits", "reachable_from", "matches", "concepts", "code_set")


def schemas() -> list[str]:
    """Names of the shipped schemas, such as `omop` or `sources/<name>`."""
    folder = root("schemas")
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml"))


def schema_path(name_or_path: str | Path) -> Path:
    """The file of a shipped schema's name, or the path itself where a file is named."""
    text = str(name_or_path)
    path = Path(text) if text.endswith((".yaml", ".yml")) else root("schemas") / f"{text}.yaml"
    if not path.is_file():
        raise InputError(f"There is no schema {text!r}.", did_you_mean(text, schemas()))
    return path


def load_schema(name_or_path: str | Path) -> Schema:
    """A schema with inheritance, slot_usage and enums resolved, by shipped name (`midrc`) or by path.

    Raises InputError, with file and line where known, when the schema cannot be read.
    """
    name, digest, build = schema_plan(name_or_path)
    known = _read.get((name, digest))
    if known is None:
        known = Schema.from_json(cached("schema", name, digest, build))
        if len(_read) >= _MOST_READ:  # a service that lives long meets many schemas of sites
            _read.clear()
        _read[name, digest] = known
    return known


def schema_plan(name_or_path: str | Path) -> tuple[str, str, Callable[[], dict[str, Any]]]:
    """Name and digest of a schema's compiled plan, and what builds it (see engine.plans.cached).

    The digest covers the schema, its imports and the code that compiles them.
    """
    path = schema_path(name_or_path)
    texts = schema_texts(path)
    shipped = root("schemas")
    name = path.relative_to(shipped).with_suffix("").as_posix() if path.is_relative_to(shipped) else path.stem
    digest = _digest([*texts.values(), *_code()])
    return name, digest, lambda: _compile(path, texts).to_json()


@cache
def _code() -> tuple[str, ...]:
    """The code that compiles, which does not change while it runs."""
    return tuple(Path(file).read_text(encoding="utf-8") for file in (__file__, model.__file__))


def _digest(texts: Iterable[str]) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()


def _fault(texts: dict[Path, str], message: str, word: str, hint: str | None = None) -> InputError:
    """An error at the first line, in any of the files, that has `word`."""
    pattern = re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])")
    for file, text in texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line.partition("#")[0]):
                return InputError(f"{file}, line {number}: {message}", hint)
    return InputError(f"{next(iter(texts))}: {message}", hint)


def _compile(path: Path, texts: dict[Path, str]) -> Schema:
    view = _view(path, texts)
    classes = view.all_classes()
    known_ranges = {*view.all_types(), *view.all_enums(), *classes}
    for name, raw in classes.items():
        for parent in [*([raw.is_a] if raw.is_a else []), *raw.mixins]:
            if parent not in classes:
                hint = did_you_mean(parent, classes)
                raise _fault(texts, f"class {name!r} inherits {parent!r}, which does not exist.", parent, hint)
        _refuse(texts, f"class {name!r}", raw, UNREAD_CLASS)
    for name, raw in view.all_enums().items():
        _refuse(texts, f"enum {name!r}", raw, UNREAD_ENUM)
    schema = view.schema
    return Schema(
        name=str(schema.name),
        classes={name: _class(view, name, known_ranges, texts) for name in classes},
        version=str(schema.version or ""),
        digest=_digest(texts.values()),
        description=_text(schema.description),
        annotations=_annotations(schema),
    )


def _view(path: Path, texts: dict[Path, str]) -> SchemaView:
    """The schema in linkml's own reader, its errors told in our words."""
    from linkml_runtime import linkml_model

    for file, text in texts.items():
        schema = load_yaml(text, file)
        check_imports(file, text, schema)
        _refuse_truth_values(texts, schema)
    try:
        view = closed_view(path, texts)
        view.imports_closure()
    except TypeError as error:
        unknown = re.search(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'", str(error))
        if unknown is None:
            raise InputError(f"{path}: this is not a LinkML schema: {error}.") from error
        kind, word = unknown.groups()
        hint = did_you_mean(word, [known.name for known in fields(getattr(linkml_model.meta, kind))])
        raise _fault(texts, f"{word!r} is no property of a LinkML {kind}.", word, hint) from error
    except (ValueError, KeyError, AttributeError, OSError) as error:
        raise InputError(f"{path}: this is not a LinkML schema: {error}.") from error
    return view


def _refuse_truth_values(texts: dict[Path, str], schema: Any) -> None:
    """YAML reads an unquoted Yes or No as true or false: as a permissible value, another text."""
    enums = schema.get("enums") if isinstance(schema, dict) else None
    for name, enum in (enums or {}).items():
        if any(isinstance(value, bool) for value in (enum or {}).get("permissible_values") or ()):
            raise _fault(texts, f"enum {name!r} has a Yes or No that is not quoted.", name, "Write 'Yes', 'No'.")


def _refuse(texts: dict[Path, str], what: str, raw: Any, unread: Iterable[str]) -> None:
    for key in unread:
        if getattr(raw, key, None):
            raise _fault(texts, f"{what} uses {key!r}, which is not supported here.", key)


def _class(view: SchemaView, name: str, known_ranges: set[str], texts: dict[Path, str]) -> ClassDef:
    raw = view.get_class(name)
    slots = {slot: _slot(view, name, slot, known_ranges, texts) for slot in _slot_names(view, name)}
    for usage in raw.slot_usage:
        if usage not in slots:
            hint = did_you_mean(usage, slots)
            raise _fault(texts, f"slot_usage of class {name!r} names {usage!r}, which it has not.", usage, hint)
    return ClassDef(
        name=name,
        slots=slots,
        description=_text(raw.description or raw.title),
        is_a=str(raw.is_a) if raw.is_a else None,
        mixins=tuple(str(mixin) for mixin in raw.mixins),
        abstract=bool(raw.abstract),
        mixin=bool(raw.mixin),
        unique_keys=tuple(tuple(str(s) for s in key.unique_key_slots) for key in raw.unique_keys.values()),
        annotations=_annotations(raw),
    )


def _slot_names(view: SchemaView, name: str) -> list[str]:
    """A class's slots in a stable order: those of its is_a chain, then of its mixins, then its own."""
    raw = view.get_class(name)
    names: dict[str, None] = {}
    for parent in [*([raw.is_a] if raw.is_a else []), *raw.mixins]:
        names.update(dict.fromkeys(_slot_names(view, parent)))
    names.update(dict.fromkeys(str(own) for own in (*raw.slots, *raw.attributes)))
    return list(names)


def _slot(view: SchemaView, owner: str, name: str, known_ranges: set[str], texts: dict[Path, str]) -> Slot:
    raw = view.induced_slot(name, owner)
    _refuse(texts, f"slot {owner}.{name}", raw, UNREAD)
    range_ = str(raw.range or "string")
    if range_ not in known_ranges:
        message = f"slot {owner}.{name} has the range {range_!r}, which is no type, enum or class."
        raise _fault(texts, message, range_, did_you_mean(range_, known_ranges))
    enum = view.all_enums().get(range_)
    return Slot(
        name=name,
        range=range_,
        required=bool(raw.required or raw.identifier),
        multivalued=bool(raw.multivalued),
        identifier=bool(raw.identifier),
        inlined=bool(view.is_inlined(raw)),
        minimum=_number(raw.minimum_value),
        maximum=_number(raw.maximum_value),
        pattern=str(raw.pattern) if raw.pattern else None,
        unit=str(raw.unit.ucum_code) if raw.unit and raw.unit.ucum_code else None,
        permissible_values=None if enum is None else tuple(str(text) for text in enum.permissible_values),
        alias=str(raw.aliases[0]) if raw.aliases else "",
        description=_text(raw.description or raw.title),
        annotations=_annotations(raw),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _text(value: Any) -> str:
    return " ".join(str(value or "").split())


def _annotations(raw: Any) -> dict[str, str]:
    """Annotations as text; YAML's true and false are written as `true` and `false`."""
    listed = raw.annotations
    pairs = listed.items() if isinstance(listed, dict) else listed._items()
    values = {str(tag): annotation.value for tag, annotation in pairs}
    return {tag: str(value).lower() if isinstance(value, bool) else str(value) for tag, value in values.items()}
