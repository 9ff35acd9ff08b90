"""Which constant of a mapping stands for which value: value_mappings, and the case() and if of expressions."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import root
from harmonize.engine.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator


@cache
def mapped_constants() -> dict[tuple[str, str], set[str]]:
    """(value, what it becomes) → the mappings and slots that say so."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, mapping in _mappings():
        for slot, derivation in _derivations(mapping):
            pairs = [(value, becomes) for value, becomes in derivation.get("value_mappings", {}).items()]
            if "expr" in derivation:
                pairs += _constants(ast.parse(str(derivation["expr"]).strip(), mode="eval"))
            for value, becomes in pairs:
                if becomes is not None:
                    found[str(value), str(becomes)].add(f"{name} {slot}")
    return found


def entries() -> Iterator[tuple[str, dict[str, Any]]]:
    """(mapping, slot derivations) of each entry of the shipped mappings."""
    for name, mapping in _mappings():
        for entry in mapping["class_derivations"]:
            yield name, entry["slot_derivations"]


@cache
def _mappings() -> list[tuple[str, Any]]:
    folder = root("mappings")
    return [
        (path.parent.relative_to(folder).as_posix(), read_yaml(path)) for path in sorted(folder.rglob("*.map.yaml"))
    ]


def _derivations(node: Any, slot: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        if "value_mappings" in node or "expr" in node:
            yield slot, node
        for name, child in node.items():
            yield from _derivations(child, str(name))
    elif isinstance(node, list):
        for child in node:
            yield from _derivations(child, slot)


def _constants(tree: ast.AST) -> list[tuple[str, str]]:
    found = []
    for node in ast.walk(tree):
        branches: list[tuple[ast.AST, ast.AST]] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "case":
            branches = [(one.elts[0], one.elts[1]) for one in node.args if isinstance(one, ast.Tuple)]
        elif isinstance(node, ast.IfExp):
            branches = [(node.test, node.body)]
        for condition, result in branches:
            if isinstance(result, ast.Constant) and isinstance(result.value, str | bool):
                found += [(value, str(result.value)) for value in _asked(condition)]
    return found


def _asked(condition: ast.AST) -> list[str]:
    """The texts that a condition compares with, other than by unequal."""
    if isinstance(condition, ast.UnaryOp):
        return []
    if isinstance(condition, ast.Compare):
        if not isinstance(condition.ops[0], ast.Eq | ast.In):
            return []
        return [
            one.value
            for one in ast.walk(condition.comparators[0])
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
    if isinstance(condition, ast.BoolOp):
        return [text for one in condition.values for text in _asked(one)]
    if isinstance(condition, ast.Call):
        return [one.value for one in condition.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return []
