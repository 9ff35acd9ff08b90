"""Compiles a mapping folder (specification, excluded columns, project defaults) into a `MappingPlan`."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import root
from harmonize.engine.plans import cached
from harmonize.engine.text_file import listed, read_bytes, read_text
from harmonize.engine.yaml_text import read_yaml
from harmonize.mapping.compiler.coverage import Coverage, read_excluded
from harmonize.mapping.compiler.derive import column
from harmonize.mapping.compiler.imputation import followed
from harmonize.mapping.compiler.objects import SlotCompiler
from harmonize.mapping.compiler.sources import PlacedError, Sources, all_joins, usable
from harmonize.mapping.compiler.spec import Spec, read_spec
from harmonize.mapping.compiler.value import constant, named
from harmonize.mapping.name import PROJECT, mapping_identity, mapping_name, without_name
from harmonize.mapping.plan import DerivedColumn, Entry, Join, MappingPlan
from harmonize.schema.load import load_schema, schema_plan
from harmonize.vocabulary.sssom import REVIEWS, without_reviews

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from harmonize.mapping.compiler.expression import Compiler
    from harmonize.mapping.compiler.spec import ClassDerivation, JoinSpec, SlotDerivation
    from harmonize.schema.model import ClassDef, Schema, Slot

RESERVED = ("when_", "part_", "reason_")
# Slots of hub rows that the engine alone writes, and those that it fills where a mapping does not.
ENGINE_ONLY = ("record_id", "row_key", "mapping_id")
ENGINE_FILLED = (*ENGINE_ONLY, "project_id", "type", "datasets", "cases", "submitter_id")
PART = re.compile(r"[A-Za-z0-9_.:-]+")


def mappings() -> list[str]:
    """Names of the shipped mappings: folders under mappings/ with a *.map.yaml, such as `ehr/<site>`."""
    return list(_shipped(root("mappings")))


@cache
def _shipped(folder: Path) -> tuple[str, ...]:
    """The names, which do not change while it runs."""
    return tuple(sorted({path.parent.relative_to(folder).as_posix() for path in folder.rglob("*.map.yaml")}))


def mapping_folder(name_or_path: str | Path) -> Path:
    """The folder of a mapping: by name, by the last part of a name where that is unique, or a path.

    Raises InputError where there is none, or more than one.
    """
    text = str(name_or_path)
    names = mappings()
    short = [name for name in names if name == text or name.rpartition("/")[2] == text]
    if len(short) == 1:
        return root("mappings") / short[0]
    if len(short) > 1:
        raise InputError(f"{text!r} names several mappings.", "One of: " + ", ".join(short))
    path = Path(text)
    if path.is_file() and path.name.endswith(".map.yaml"):
        return path.parent
    if path.is_dir() and list(path.glob("*.map.yaml")):
        return path
    raise InputError(f"There is no mapping {text!r}.", did_you_mean(text, names))


def spec_file(folder: Path) -> Path:
    """The one *.map.yaml of a mapping folder."""
    files = listed(folder.glob("*.map.yaml"))
    if len(files) != 1:
        raise InputError(f"{folder} holds {len(files)} *.map.yaml files; a mapping has one.")
    return files[0]


def load_mapping(name_or_path: str | Path) -> MappingPlan:
    """The compiled mapping of a name (`ehr/<site>`, or `<site>` alone) or of a path.

    Raises InputError, beginning with file and line, at the first thing that is wrong.
    """
    name, digest, build = mapping_plan(name_or_path)
    return MappingPlan.from_json(cached("mapping", name, digest, build))


def mapping_plan(name_or_path: str | Path) -> tuple[str, str, Callable[[], dict[str, Any]]]:
    """Name and digest of a mapping's compiled plan, and what builds it (see engine.plans.cached).

    The digest covers the folder, both schemas and the code that compiles.
    """
    folder = mapping_folder(name_or_path)
    name = mapping_name(folder)
    schemas = _schema_names(read_text(spec_file(folder)))
    parts = [folder_digest(folder), *(schema_plan(_schema(folder, schema))[1] for schema in schemas)]
    digest = sha256("".join([*parts, _code()]).encode()).hexdigest()
    return name, digest, lambda: compile_folder(folder).to_json()


@cache
def _code() -> str:
    """The code that compiles, and that of plans, which do not change while it runs."""
    here = Path(__file__).parent
    files = [*sorted(here.glob("*.py")), here.parent / "plan.py"]
    return "".join(path.read_text(encoding="utf-8") for path in files)


def _schema_names(text: str) -> list[str]:
    """source_schema and target_schema, found without parsing the YAML, since this runs at every start."""
    reference = r"^(?:source|target)_schema:\s*(?:\{?\s*name:\s*)?[\"']?([\w./-]+)"
    return re.findall(reference, text, flags=re.MULTILINE)


def identity(folder: Path, source: str) -> str:
    """What tells a mapping from others of its name (see mapping_identity); `source` is its source schema's name."""
    schema = _schema(folder, source)
    return mapping_identity(folder, spec_file(folder), schema if isinstance(schema, Path) else None)


def source_schema(folder: Path, name: str) -> Schema:
    """The source schema of a mapping folder, by the name that its specification gives."""
    return load_schema(_schema(folder, name))


def _schema(folder: Path, name: str) -> str | Path:
    """A schema beside the mapping where there is such a file, else the shipped one of that name."""
    beside = folder / name
    return beside if name.endswith(".yaml") and beside.is_file() else name


def folder_digest(folder: Path) -> str:
    """sha256 over the names and contents of all files of a mapping folder: its version.

    Golden cases, who reviewed what (reviews.tsv, the review columns of value sets) and the mapping's own name do not
    change what a mapping does: a signature must not make every record a changed one.
    """
    digest = sha256()
    files = (path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] != "cases")
    for path in listed(path for path in files if path.name != REVIEWS):
        data = without_reviews(path) if path.name.endswith(".sssom.tsv") else read_bytes(path)
        data = without_name(data) if path == folder / PROJECT else data
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def compile_folder(folder: Path) -> MappingPlan:
    """Compile a mapping folder. Raises InputError for the first fault and says how many more there are."""
    plan, faults = compile_all(folder)
    if faults:
        more = f" ({len(faults) - 1} more: harmonize mapping check)" if len(faults) > 1 else ""
        raise InputError(faults[0].message + more, faults[0].hint)
    return plan


def compile_all(folder: Path) -> tuple[MappingPlan, list[InputError]]:
    """A plan of all that compiles, and the faults of the rest; InputError where nothing can be read."""
    spec = read_spec(spec_file(folder))
    source = load_schema(_schema(folder, spec.source_schema))
    target = load_schema(_schema(folder, spec.target_schema))
    excluded, faults = read_excluded(folder / "excluded.tsv", source)
    coverage = Coverage(source, excluded)
    faults += _unknown_enums(spec, source)
    entries = []
    for derivation in spec.classes:
        entry, found = compile_entry(spec, derivation, source, target, coverage)
        faults += found
        entries += [entry] if entry else []
    faults += _same_parts(spec, entries)
    faults += coverage.faults(spec.file)
    plan = MappingPlan(
        name=mapping_name(folder),
        version=folder_digest(folder),
        source_schema=spec.source_schema,
        target_schema=spec.target_schema,
        entries=tuple(entries),
        excluded=excluded.reasons(),
        project=project_defaults(folder),
    )
    return plan, faults


def project_defaults(folder: Path) -> dict[str, Any]:
    """The project's defaults of a mapping's project.yaml, dates as ISO texts; empty where there is no such file."""
    path = folder / PROJECT
    if not path.is_file():
        return {}
    defaults = read_yaml(path)
    if not isinstance(defaults, dict):
        raise InputError(f"{path}:1: project defaults are a YAML mapping, such as project_id: ...")
    return {str(key): _without_dates(value) for key, value in defaults.items()}


def _without_dates(value: Any) -> Any:
    """A YAML value as JSON holds it, so that a plan from the cache equals a new one."""
    if isinstance(value, dict):
        return {str(key): _without_dates(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_dates(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def compile_entry(
    spec: Spec, derivation: ClassDerivation, source: Schema, target: Schema, coverage: Coverage
) -> tuple[Entry | None, list[InputError]]:
    """One class derivation as an entry, and its faults; None where its classes are not known.

    What it reads is noted in `coverage`.
    """
    faults: list[InputError] = []
    try:
        source_class = usable(source.classes, derivation.source, f"class {derivation.source!r} of the source")
        target_class = usable(target.classes, derivation.name, f"class {derivation.name!r} of the hub")
        sources = Sources(source_class, {}, spec.enums, source.classes).joining(derivation.joins)
        joins = all_joins(derivation)
    except InputError as error:
        return None, [_placed(spec, error, f"{derivation.line}")]
    columns: dict[str, DerivedColumn] = {}
    control: dict[str, DerivedColumn] = {}
    used: dict[tuple[str | None, str], None] = {}
    part = ""
    for slot in derivation.slots.values():
        compiler = sources.compiler()
        try:
            if slot.name == "part_":
                part = _part(slot)
            elif slot.name in RESERVED:
                control[slot.name] = _control(slot, compiler)
            else:
                wanted = followed(_target_slot(slot, target_class), target_class)
                columns[slot.name] = SlotCompiler(target.classes, compiler.used).column(
                    slot, wanted, target_class, sources
                )
        except InputError as error:
            faults.append(_placed(spec, error, f"{slot.line} slot {slot.name} of class {derivation.name}"))
        coverage.read(derivation, joins, compiler.used)
        used |= compiler.used
    faults += _absent(spec, derivation, target_class, part)
    entry = Entry(
        target=derivation.name,
        source=derivation.source,
        part=part,
        columns=columns,
        when=control.get("when_"),
        reason=control.get("reason_"),
        joins=tuple(_join(join, used) for join in joins),
        line=derivation.line,
        description=derivation.description,
    )
    return entry, faults


def _placed(spec: Spec, fault: InputError, place: str) -> InputError:
    """The fault with file and place, its own where it has one."""
    own = fault.place if isinstance(fault, PlacedError) else place
    return InputError(f"{spec.file}:{own}: {fault.message}", fault.hint)


def _join(join: JoinSpec, used: Iterable[tuple[str | None, str]]) -> Join:
    read = [join.lookup_key, *(path[1] for path in used if path[0] == join.alias and path[1] != join.lookup_key)]
    return Join(join.alias, join.source, join.source_key, join.lookup_key, tuple(read))


def _target_slot(slot: SlotDerivation, target: ClassDef) -> Slot:
    if slot.name in ENGINE_ONLY:
        raise InputError("the engine writes this slot, not a mapping.")
    if slot.name not in target.slots:
        known = [*target.slots, *RESERVED]
        raise InputError(f"the hub's class {target.name} has no such slot.", did_you_mean(slot.name, known))
    return target.slots[slot.name]


def _part(slot: SlotDerivation) -> str:
    if not isinstance(slot.value, str) or not PART.fullmatch(slot.value):
        raise InputError("part_ is a constant of letters, digits and _ . : -", "Write part_: {value: <name>}.")
    return slot.value


def _control(slot: SlotDerivation, compiler: Compiler) -> DerivedColumn:
    """when_ as a condition, reason_ as a text."""
    if slot.name == "when_":
        if slot.expr is None:
            raise InputError("when_ is an expr.")
        compiled = compiler.condition(slot.expr)
    else:
        compiled = constant(slot.value) if slot.has_value else compiler.compile(slot.expr or "None")
        if compiled.kind != "text":
            raise InputError(f"reason_ is a text and not {named(compiled.kind)}.")
    return column(compiled, tuple(name for alias, name in compiler.used if alias is None), slot.line)


def _absent(spec: Spec, derivation: ClassDerivation, target: ClassDef, part: str) -> Iterable[InputError]:
    """Required slots that nobody fills."""
    place = f"{spec.file}:{derivation.line}"
    if "part_" not in derivation.slots:
        hint = "Write part_: {value: <name>}; it keeps the row's key stable over loads."
        yield InputError(f"{place} slot part_ of class {derivation.name}: it is required.", hint)
    for slot in target.slots.values():
        if slot.required and slot.name not in derivation.slots and slot.name not in (*ENGINE_FILLED, *RESERVED):
            yield InputError(f"{place} slot {slot.name} of class {derivation.name}: it is required and not derived.")


def _unknown_enums(spec: Spec, source: Schema) -> Iterable[InputError]:
    """Enum derivations of enums that no column of the source has."""
    slots = [slot for owner in source.classes.values() for slot in owner.slots.values()]
    known = {slot.range for slot in slots if slot.permissible_values is not None}
    for enum in spec.enums.values():
        if enum.source not in known:
            fault = f"no column of the source has the enum {enum.source!r}"
            yield InputError(f"{spec.file}:{enum.line} enum {enum.name}: {fault}.", did_you_mean(enum.source, known))


def _same_parts(spec: Spec, entries: Iterable[Entry]) -> Iterable[InputError]:
    """Two derivations of one source class with the same part would give rows the same key."""
    seen: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (entry.source, entry.part)
        if entry.part and key in seen:
            fault = f"{entry.part!r} is the part of the derivation in line {seen[key]} already"
            yield InputError(f"{spec.file}:{entry.line} slot part_ of class {entry.target}: {fault}.")
        seen.setdefault(key, entry.line)
