"""Writes the compiled plans of all shipped schemas and mappings (python -m harmonize.mapping.plans_build)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import plan_folders, require_checkout
from harmonize.engine.plans import dump, plan_file
from harmonize.mapping.compiler.compile import mapping_plan, mappings
from harmonize.schema.load import schema_plan, schemas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def shipped_plans() -> dict[str, Callable[[], dict[str, Any]]]:
    """File name → what builds the plan, of every shipped schema and mapping."""
    plans = {}
    for kind, names, plan_of in (("schema", schemas(), schema_plan), ("mapping", mappings(), mapping_plan)):
        for shipped in names:
            name, digest, build = plan_of(shipped)
            plans[plan_file(kind, name, digest)] = build
    return plans


def build(folder: Path) -> tuple[list[str], list[str]]:
    """Write the plans that `folder` lacks and remove those that are out of date: (written, removed)."""
    plans = shipped_plans()
    folder.mkdir(parents=True, exist_ok=True)
    present = {path.name for path in folder.glob("*-*.json")}
    written = sorted(set(plans) - present)
    for name in written:
        (folder / name).write_bytes(dump(plans[name]()))
    removed = sorted(present - set(plans))
    for name in removed:
        (folder / name).unlink()
    return written, removed


if __name__ == "__main__":
    require_checkout()
    added, gone = build(plan_folders()[0])
    print(f"{len(added)} plans written, {len(gone)} removed.")
