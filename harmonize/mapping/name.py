"""What a mapping is called: shipped ones by their place, others by their own name, however their path is typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.engine.text_file import read_text
from harmonize.engine.yaml_text import read_yaml

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = "project.yaml"
_NAME = re.compile(r"[\w.-]+")


def mapping_name(folder: Path) -> str:
    """`ehr/<site>` of a shipped mapping; else `name` of its project.yaml, or the folder's own name.

    So a mapping may be moved, and is the same by any path. Raises InputError for a `name` that cannot be one.
    """
    if (name := _shipped_name(folder)) is not None:
        return name
    file = folder / PROJECT
    own = read_yaml(file) if file.is_file() else None
    if not isinstance(own, dict) or "name" not in own:
        return folder.resolve().name
    if not isinstance(own["name"], str) or not _NAME.fullmatch(own["name"]):
        raise InputError(
            f"{file}: name is {own['name']!r}; expected are letters, digits, points, dashes and underscores.",
            "Such as name: lakeside",
        )
    return own["name"]


def mapping_identity(folder: Path, spec: Path, schema: Path | None) -> str:
    """What tells mappings of one name apart: where a shipped one stands, else `id` of the specification, or of the
    schema beside it. Empty where none of them has an `id`."""
    if (name := _shipped_name(folder)) is not None:
        return f"shipped:{name}"
    return _id(spec) or (_id(schema) if schema else "")


def is_shipped(name: str) -> bool:
    """Whether a shipped mapping has this name."""
    return any((root("mappings") / name).glob("*.map.yaml"))


def _shipped_name(folder: Path) -> str | None:
    shipped, resolved = root("mappings").resolve(), folder.resolve()
    return resolved.relative_to(shipped).as_posix() if resolved.is_relative_to(shipped) else None


def without_name(project: bytes) -> bytes:
    """A project.yaml without its `name`, which changes nothing that a mapping does."""
    return b"".join(line for line in project.splitlines(keepends=True) if not line.startswith(b"name:"))


def _id(file: Path) -> str:
    """`id` of a YAML file, found without parsing it."""
    found = re.search(r"^id:\s*[\"']?([^\s\"'#]+)", read_text(file), flags=re.MULTILINE)
    return found[1] if found else ""
