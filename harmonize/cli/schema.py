"""`harmonize schema`: the data dictionaries, to be read and to be imported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harmonize.cli import console
from harmonize.engine.plain import plain

if TYPE_CHECKING:
    from harmonize.schema.model import ClassDef, Schema, Slot

app = typer.Typer(help="Data dictionaries: the hub, OMOP, Gen3 and the sources.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(json: Json = False) -> None:
    """List the shipped schemas."""
    from harmonize.schema.load import load_schema, schemas

    rows = [(name, schema_.description, len(schema_.classes)) for name in schemas() for schema_ in [load_schema(name)]]
    if json:
        console.print_json([{"name": name, "description": text, "classes": count} for name, text, count in rows])
    else:
        _print_table(["schema", "classes", "description"], [[name, str(count), text] for name, text, count in rows])


@app.command()
def show(
    schema: Annotated[str, typer.Argument(help="A shipped schema (see `list`) or the path of a LinkML file.")],
    class_name: Annotated[str | None, typer.Argument(metavar="[CLASS]", help="A class, such as person.")] = None,
    json: Json = False,
) -> None:
    """Show the classes of a schema, or the slots of one class."""
    from harmonize.engine.errors import InputError, did_you_mean
    from harmonize.schema.load import load_schema

    loaded = load_schema(schema)
    if class_name is None:
        _show_classes(loaded, json)
        return
    if class_name not in loaded.classes:
        hint = did_you_mean(class_name, loaded.classes)
        raise InputError(f"The schema {schema} has no class {class_name!r}.", hint)
    _show_slots(loaded.classes[class_name], json)


@app.command("import-gen3")
def import_gen3(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the dictionary's YAML files.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write here, not to stdout.")] = None,
) -> None:
    """Import a Gen3 data dictionary as a LinkML schema."""
    from harmonize.schema.gen3 import import_gen3 as read

    text = read(folder)
    if output is None:
        console.write(text)
    else:
        output.write_text(text, encoding="utf-8")
        console.say(f"Wrote {output}.")


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="The dictionary as it was: a folder of Gen3 YAML, or a LinkML file.")],
    new: Annotated[Path, typer.Argument(help="The new release, likewise.")],
    db: Annotated[
        Path | None, typer.Option("--db", help="A store: count the loaded rows that the changes make invalid.")
    ] = None,
    json: Json = False,
) -> None:
    """List what a new release of a dictionary changes, and which slots, mappings and rows are affected.

    Exit code 1: a change is breaking.
    """
    from contextlib import nullcontext
    from itertools import groupby

    from harmonize.cli.stores import opened
    from harmonize.mapping.explain.impact import impacts
    from harmonize.schema.diff import compare, read_dictionary

    changes = compare(read_dictionary(old), read_dictionary(new))
    with opened(db, read_only=True) if db else nullcontext() as store:
        found = impacts(changes, store.con if store else None)
    breaking = sum(change.breaking for change in changes)
    if json:
        console.print_json({"changes": [impact.to_json() for impact in found], "breaking": breaking})
    else:
        for impact in found:
            console.echo(f"{'!' if impact.change.breaking else ' '} {impact.change}")
            for slot in impact.slots:
                console.echo(f"      hub {slot}")
            for file, lines in groupby(impact.lines, lambda place: place.rpartition(":")[0]):
                console.echo(f"      {file}: {', '.join(line.rpartition(':')[2] for line in lines)}")
            if impact.rows is not None and impact.change.breaking:
                console.echo(f"      {impact.rows:,} loaded rows are no longer valid")
        console.echo(f"{len(changes)} changes, {breaking} of them breaking (!).")
    if breaking:
        raise typer.Exit(1)


def _show_classes(schema: Schema, json: bool) -> None:
    if json:
        console.print_json(schema.to_json())
        return
    rows = [
        [
            cls.name,
            "mixin" if cls.mixin else "abstract" if cls.abstract else "",
            str(len(cls.slots)),
            cls.description,
        ]
        for cls in schema.classes.values()
    ]
    _print_table(["class", "kind", "slots", "description"], rows)


def _show_slots(cls: ClassDef, json: bool) -> None:
    if json:
        from dataclasses import asdict

        console.print_json(asdict(cls))
        return
    console.echo(f"{cls.name}: {cls.description}" if cls.description else cls.name)
    rows = [
        [slot.header, _type(slot), "yes" if slot.required else "", _values(slot), slot.description]
        for slot in cls.slots.values()
    ]
    _print_table(["slot", "type", "required", "values", "description"], rows)


def _type(slot: Slot) -> str:
    name = "enum" if slot.permissible_values is not None else slot.annotations.get("cdm_datatype", slot.range)
    return name + ("[]" if slot.multivalued else "") + (" (key)" if slot.identifier else "")


def _values(slot: Slot) -> str:
    """What a value may be: the enum's texts, bounds with the unit, pattern, referenced column and domain."""
    parts = []
    if slot.permissible_values is not None:
        parts.append(", ".join(slot.permissible_values))
    if slot.minimum is not None or slot.maximum is not None:
        low = "" if slot.minimum is None else f"{slot.minimum:g}"
        high = "" if slot.maximum is None else f"{slot.maximum:g}"
        parts.append(f"{low}..{high}")
    if slot.unit:
        parts.append(slot.unit)
    if slot.pattern:
        parts.append(slot.pattern)
    if "fk_table" in slot.annotations:
        domain = f" ({slot.annotations['fk_domain']})" if "fk_domain" in slot.annotations else ""
        parts.append(f"→ {slot.annotations['fk_table']}.{slot.annotations['fk_field']}{domain}")
    if "link" in slot.annotations:
        parts.append(f"→ {slot.annotations['link']} ({slot.annotations['multiplicity']})")
    return "; ".join(parts)


def _print_table(headings: list[str], rows: list[list[str]]) -> None:
    """A table as wide as the terminal, or of 160 columns where the output goes elsewhere."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = Console()
    if not terminal.is_terminal:
        terminal.width = 160
    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(plain(cell), overflow="fold") for cell in row))
    terminal.print(table)
