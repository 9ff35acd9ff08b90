"""The compiled plans in the package are those of the shipped schemas and mappings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harmonize.engine.paths import plan_folders
from harmonize.mapping import plans_build
from harmonize.mapping.compiler.compile import mappings
from harmonize.mapping.plan import MappingPlan


def test_in_step() -> None:
    shipped = {path.name for path in plan_folders()[0].glob("*-*.json")}
    assert shipped == set(plans_build.shipped_plans()), "run: python -m harmonize.mapping.plans_build"


def test_shipped_mappings_need_no_linkml(tmp_path: Path) -> None:
    """With an empty cache, a shipped mapping and its schemas are read from the package alone."""
    code = (
        "import sys\n"
        "from harmonize.mapping.compiler.compile import load_mapping, mapping_folder, mappings, source_schema\n"
        "from harmonize.schema.load import load_schema\n"
        "for name in mappings():\n"
        "    plan = load_mapping(name)\n"
        "    assert source_schema(mapping_folder(name), plan.source_schema) and load_schema(plan.target_schema)\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(len(mappings()), sorted(loaded & {'linkml', 'linkml_runtime', 'linkml_map', 'pint', 'ucumvert'}))"
    )
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert out.stdout.split(" ", 1) == [str(len(mappings())), "[]\n"]
    assert list(tmp_path.iterdir()) == []


def test_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is written, what is out of date goes, what is there stays."""
    plan = {"name": "x", "version": "1", "source_schema": "a", "target_schema": "b", "entries": []}
    built = {"mapping-x-1.json": lambda: plan, "mapping-y-2.json": lambda: plan}
    monkeypatch.setattr(plans_build, "shipped_plans", lambda: built)
    (tmp_path / "mapping-y-2.json").write_text("{}")
    (tmp_path / "mapping-x-0.json").write_text("{}")
    assert plans_build.build(tmp_path) == (["mapping-x-1.json"], ["mapping-x-0.json"])
    assert (tmp_path / "mapping-y-2.json").read_text() == "{}"
    import orjson

    written = orjson.loads((tmp_path / "mapping-x-1.json").read_bytes())
    assert MappingPlan.from_json(written).name == "x"
