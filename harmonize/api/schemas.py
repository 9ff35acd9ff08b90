"""The data dictionaries: `harmonize schema` in Python."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from harmonize.api.shapes import AnyPath, Record, Rows, as_path, maybe_store, rows
from harmonize.engine.errors import InputError, did_you_mean

__all__ = ["diff", "import_gen3", "list", "show"]


def list() -> Rows:
    """The shipped schemas."""
    from harmonize.schema.load import load_schema, schemas

    found = ((name, load_schema(name)) for name in schemas())
    return rows(
        {"name": name, "description": schema.description, "classes": len(schema.classes)} for name, schema in found
    )


def show(schema: AnyPath, class_name: str | None = None) -> Rows:
    """The classes of a schema (a shipped one's name, or a LinkML file), or the slots of one class."""
    from harmonize.schema.load import load_schema

    loaded = load_schema(str(schema))
    if class_name is None:
        return rows(
            {"class": one.name, "slots": len(one.slots), "description": one.description}
            for one in loaded.classes.values()
        )
    if class_name not in loaded.classes:
        hint = did_you_mean(class_name, loaded.classes)
        raise InputError(f"The schema {schema} has no class {class_name!r}.", hint)
    return rows({"slot": slot.header, **asdict(slot)} for slot in loaded.classes[class_name].slots.values())


def import_gen3(folder: AnyPath, output: AnyPath | None = None) -> str:
    """A Gen3 data dictionary (the folder of its YAML files) as the text of a LinkML schema; written, with `output`."""
    from harmonize.schema.gen3 import import_gen3 as read

    text = read(Path(folder))
    if (target := as_path(output)) is not None:
        target.write_text(text, encoding="utf-8")
    return text


def diff(old: AnyPath, new: AnyPath, *, db: AnyPath | None = None) -> Record:
    """What a new release of a dictionary changes, which slots, mappings and, with a store, rows that touches."""
    from harmonize.mapping.explain.impact import impacts
    from harmonize.schema.diff import compare, read_dictionary

    changes = compare(read_dictionary(Path(old)), read_dictionary(Path(new)))
    with maybe_store(db) as store:
        found = impacts(changes, store.con if store else None)
    breaking = sum(change.breaking for change in changes)
    return Record({"changes": rows(impact.to_json() for impact in found), "breaking": breaking})
