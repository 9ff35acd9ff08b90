"""YAML whose mappings know the line of each key; keys that come twice or are no texts are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from harmonize.engine.errors import InputError
from harmonize.engine.yaml_text import read_yaml

if TYPE_CHECKING:
    from pathlib import Path


class LinedMap(dict[str, Any]):
    """A YAML mapping that knows its own line and the line of each key (1 = first line of the file)."""

    def __init__(self) -> None:
        super().__init__()
        self.line = 0
        self.lines: dict[str, int] = {}


def read_lined(path: Path, what: str) -> LinedMap:
    """The YAML mapping in `path`. Raises InputError, with file and line, where there is none: `what` it should be."""
    raw = read_yaml(path, _Loader)
    if not isinstance(raw, LinedMap):
        raise InputError(f"{path}:1: {what}.")
    return raw


class _Loader(yaml.SafeLoader):
    """A SafeLoader that keeps line numbers and refuses a key that comes twice."""


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> LinedMap:
    result = LinedMap()
    result.line = node.start_mark.line + 1
    loader.flatten_mapping(node)
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        mark = key_node.start_mark
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(
                problem=f"the key {key_node.value} is read as {key!r} and not as text; put it in quotes",
                problem_mark=mark,
            )
        if key in result:
            raise yaml.constructor.ConstructorError(problem=f"the key {key!r} comes twice", problem_mark=mark)
        result[key] = loader.construct_object(value_node, deep=True)
        result.lines[key] = mark.line + 1
    return result


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
