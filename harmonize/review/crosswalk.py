"""The crosswalks of the MIDRC data dictionary to other consortia: SSSOM sets under mappings/consortia/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import root
from harmonize.schema.load import load_schema
from harmonize.vocabulary.sssom import read_sssom, sssom_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from harmonize.schema.model import Slot
    from harmonize.vocabulary.sssom import MappingSet, Row

FIRST = "omop"


@dataclass(frozen=True)
class Property:
    """One property of a node of the dictionary; `subject` is how mappings name it (midrc:case/sex)."""

    node: str
    slot: Slot

    @property
    def subject(self) -> str:
        return f"midrc:{self.node}/{self.slot.name}"


@dataclass(frozen=True)
class Crosswalk:
    """The mapping sets of one consortium. `title` is what its sets say they map to."""

    name: str
    folder: Path
    sets: tuple[MappingSet, ...]

    @property
    def title(self) -> str:
        titles = [str(one.head.get("mapping_set_title", "")).rpartition(" to ")[2] for one in self.sets]
        return next(filter(None, titles), self.name)

    @property
    def rows(self) -> list[tuple[MappingSet, Row]]:
        """All rows with their set, in the order of the files."""
        return [(one, row) for one in self.sets for row in one.rows]


def properties() -> list[Property]:
    """Every property of the dictionary (schemas/gen3.yaml) node by node, then every slot that the hub adds to it.

    What all nodes have stands once, under `ubiquitous_properties` and `data_file_properties`, as the
    dictionary defines it.
    """
    classes = load_schema("gen3").classes
    inherited = {cls.name: {slot for name in cls.mixins for slot in classes[name].slots} for cls in classes.values()}
    return [
        Property(cls.name.removeprefix("gen3_"), slot)
        for cls in classes.values()
        for slot in cls.slots.values()
        if slot.name not in inherited[cls.name]
    ] + _extension()


def _extension() -> list[Property]:
    """The slots that schemas/midrc.yaml adds, class by class; those of a mixin (Event) stand under the mixin.

    Left out are what never is stored (control.yaml), keys that every node has, and the properties of series and
    studies that the hub's one class of series takes over from the dictionary's ten nodes.
    """
    dictionary, classes = load_schema("gen3").classes, load_schema("midrc").classes
    taken_over = {
        slot
        for name, cls in dictionary.items()
        if name.endswith("_series_file") or name in ("gen3_ubiquitous_properties", "gen3_imaging_study")
        for slot in cls.slots
    }
    found = []
    for cls in classes.values():
        if cls.name in dictionary or cls.name in load_schema("control").classes:
            continue
        parents = [classes[name] for name in (*cls.mixins, *filter(None, [cls.is_a]))]
        inherited = {slot for parent in parents for slot in parent.slots}
        known = taken_over if cls.is_a is None else dictionary["gen3_ubiquitous_properties"].slots.keys()
        found += [Property(cls.name, slot) for slot in cls.slots.values() if slot.name not in inherited | set(known)]
    return found


def consortia(folder: Path | None = None) -> list[str]:
    """The names of the shipped crosswalks (folders of mappings/consortia), OMOP first."""
    folder = folder or root("mappings") / "consortia"
    return sorted({path.parent.name for path in folder.glob("*/*.sssom.tsv")}, key=lambda name: (name != FIRST, name))


def crosswalk(name: str, folder: Path | None = None) -> Crosswalk:
    """One crosswalk. Raises InputError where there is none of that name, or a file cannot be read."""
    known = consortia(folder)
    if name not in known:
        raise InputError(f"There is no crosswalk {name!r}.", did_you_mean(name, known))
    place = (folder or root("mappings") / "consortia") / name
    return Crosswalk(name, place, tuple(map(read_sssom, sssom_files(place))))


def crosswalks(names: Iterable[str] = (), folder: Path | None = None) -> list[Crosswalk]:
    """The crosswalks of these names, or all."""
    return [crosswalk(name, folder) for name in (list(names) or consortia(folder))]
