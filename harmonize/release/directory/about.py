"""What a project says of its releases: title, contact, terms, citation ...; a file of its own, and defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import root
from harmonize.engine.yaml_text import read_yaml

if TYPE_CHECKING:
    from pathlib import Path


def read_about(path: Path | None) -> dict[str, str]:
    """The texts by name; what the file does not say is as in sql/release/about.yaml. Raises InputError for others."""
    default = {name: str(text) for name, text in read_yaml(root("sql") / "release" / "about.yaml").items()}
    if path is None:
        return default
    given = read_yaml(path)
    if not isinstance(given, dict):
        raise InputError(f"{path} says nothing of a release.", f"A line each of: {', '.join(default)}.")
    for name, text in given.items():
        if name not in default:
            raise InputError(f"{path}: there is no {name!r} of a release.", did_you_mean(str(name), default))
        if not isinstance(text, str) or not text.strip():
            raise InputError(f"{path}: {name} is no text.")
    return {**default, **{name: text.strip() for name, text in given.items()}}
