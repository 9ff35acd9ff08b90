"""A LinkML schema reduced to what the engine needs, with inheritance already resolved.

Plain dataclasses that go to JSON and back, so that a compiled schema is read without importing linkml.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Slot:
    """One induced slot of a class (a column).

    `range` is a LinkML type name (string, integer, double, float, boolean, date, datetime, uriorcurie ...)
    or the name of a class or an enum; `permissible_values` lists the enum's texts where it is an enum.
    `inlined` says that a slot whose range is a class holds its objects themselves and not their keys.
    `alias` is the header as the contributor sends it (LinkML `aliases`, first entry), else the name.
    """

    name: str
    range: str = "string"
    required: bool = False
    multivalued: bool = False
    identifier: bool = False
    inlined: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    unit: str | None = None
    permissible_values: tuple[str, ...] | None = None
    alias: str = ""
    description: str = ""
    annotations: dict[str, str] = field(default_factory=dict)

    @property
    def header(self) -> str:
        """The column's name as the contributor writes it."""
        return self.alias or self.name


@dataclass(frozen=True)
class ClassDef:
    """One class (a table) with its induced slots in order."""

    name: str
    slots: dict[str, Slot]
    description: str = ""
    is_a: str | None = None
    mixins: tuple[str, ...] = ()
    abstract: bool = False
    mixin: bool = False
    unique_keys: tuple[tuple[str, ...], ...] = ()
    annotations: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Schema:
    """A whole schema. `digest` is the sha256 of the YAML files it came from (imports included)."""

    name: str
    classes: dict[str, ClassDef]
    version: str = ""
    digest: str = ""
    description: str = ""
    annotations: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict; `from_json` is its inverse."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Schema:
        """Rebuild a schema from `to_json`'s dict."""
        classes = {}
        for name, raw in data["classes"].items():
            slots = {
                slot_name: Slot(
                    **{
                        **slot,
                        "permissible_values": None
                        if slot["permissible_values"] is None
                        else tuple(slot["permissible_values"]),
                    }
                )
                for slot_name, slot in raw["slots"].items()
            }
            rest = {
                **raw,
                "slots": slots,
                "mixins": tuple(raw["mixins"]),
                "unique_keys": tuple(tuple(key) for key in raw["unique_keys"]),
            }
            classes[name] = ClassDef(**rest)
        return cls(**{**data, "classes": classes})
