"""Every source column is read by some derivation or excluded by name (excluded.tsv), never both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.text_file import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from harmonize.mapping.compiler.spec import ClassDerivation, JoinSpec
    from harmonize.schema.model import Schema

HEADER = ["class", "column", "reason"]


@dataclass
class Excluded:
    """The excluded columns: (source class, safe name) → (reason, line in excluded.tsv)."""

    file: str
    columns: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def reasons(self) -> dict[str, dict[str, str]]:
        """source class → safe name → reason."""
        result: dict[str, dict[str, str]] = {}
        for (owner, name), (reason, _) in self.columns.items():
            result.setdefault(owner, {})[name] = reason
        return result


def read_excluded(path: Path, source: Schema) -> tuple[Excluded, list[InputError]]:
    """The excluded columns of a mapping folder, and what is wrong in the file; none where there is no file.

    Tab-separated: class, column (the header as sent, or its safe name), reason.
    """
    excluded = Excluded(str(path))
    faults: list[InputError] = []
    if not path.is_file():
        return excluded, faults
    lines = read_text(path).splitlines()
    if not lines or lines[0].split("\t") != HEADER:
        return excluded, [InputError(f"{path}:1: the columns are class, column, reason, with tabs between.")]
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        try:
            key, reason = _excluded_column(line.split("\t"), source)
        except InputError as error:
            faults.append(InputError(f"{path}:{number}: {error.message}", error.hint))
            continue
        if key in excluded.columns:
            faults.append(InputError(f"{path}:{number}: {key[1]!r} of {key[0]} is excluded twice."))
        excluded.columns[key] = (reason, number)
    return excluded, faults


def _excluded_column(cells: list[str], source: Schema) -> tuple[tuple[str, str], str]:
    if len(cells) != len(HEADER) or not cells[2].strip():
        raise InputError("a line has a class, a column and a reason, with tabs between.")
    owner, header, reason = cells
    if owner not in source.classes:
        raise InputError(f"there is no class {owner!r} of the source.", did_you_mean(owner, source.classes))
    slots = source.classes[owner].slots
    named = {slot.header: slot.name for slot in slots.values()} | {name: name for name in slots}
    if header not in named:
        raise InputError(f"{header!r} is not a column of {owner}.", did_you_mean(header, named))
    return (owner, named[header]), reason.strip()


class Coverage:
    """Collects the columns that the derivations read."""

    def __init__(self, source: Schema, excluded: Excluded) -> None:
        self.source = source
        self.excluded = excluded
        self._read: dict[tuple[str, str], int] = {}

    def read(
        self, derivation: ClassDerivation, joins: Iterable[JoinSpec], used: Iterable[tuple[str | None, str]]
    ) -> None:
        """Note what one derivation reads: (None or join alias, column), and the keys of its joins."""
        classes: dict[str | None, str] = {join.alias: join.source for join in joins}
        classes[None] = derivation.source
        for alias, name in used:
            self._read.setdefault((classes[alias], name), derivation.line)
        for join in joins:
            self._read.setdefault((derivation.source, join.source_key), derivation.line)
            self._read.setdefault((join.source, join.lookup_key), derivation.line)

    def faults(self, file: str) -> list[InputError]:
        """Columns that are neither read nor excluded, and those that are both. Identifiers count as read."""
        faults = []
        for owner in self.source.classes.values():
            if owner.mixin or owner.abstract:
                continue
            keys = {slot.name for slot in owner.slots.values() if slot.identifier}
            silent = []
            for slot in owner.slots.values():
                key = (owner.name, slot.name)
                read = key in self._read or slot.name in keys
                if read and key in self.excluded.columns:
                    by = f"read in line {self._read[key]} of {file}" if key in self._read else "the record's key"
                    line = self.excluded.columns[key][1]
                    fault = f"{slot.header!r} of {owner.name} is excluded, and {by}"
                    faults.append(InputError(f"{self.excluded.file}:{line}: {fault}."))
                elif not read and key not in self.excluded.columns:
                    silent.append(slot.header)
            if silent:
                listed = ", ".join(map(repr, silent[:20])) + (f" and {len(silent) - 20} more" if silent[20:] else "")
                fault = f"columns of {owner.name} are neither mapped nor excluded: {listed}"
                hint = f"Map them, or name each with its reason in {self.excluded.file}."
                faults.append(InputError(f"{file}:1: {fault}.", hint))
        return faults
