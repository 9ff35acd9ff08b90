"""Names, digests and the cache of compiled mappings; every shipped mapping compiles."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from linkml_map.transformer.object_transformer import ObjectTransformer

from harmonize.mapping.compiler.compile import (
    compile_all,
    folder_digest,
    load_mapping,
    mapping_folder,
    mapping_plan,
    mappings,
    spec_file,
)
from harmonize.mapping.compiler.functions import FUNCTIONS
from harmonize.mapping.explain.check import check
from harmonize.mapping.plan import MappingPlan

CLINIC = Path(__file__).parents[1] / "data" / "clinic"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CLINIC, tmp_path / "clinic"))


@pytest.mark.parametrize("name", mappings())
def test_shipped(name: str) -> None:
    plan, faults = compile_all(mapping_folder(name))
    assert [fault.message for fault in faults] == []
    assert load_mapping(name) == plan
    assert load_mapping(name.rpartition("/")[2]).name == name
    assert [problem for problem in check(name) if problem.level == "error"] == []


def test_digest_covers_every_file(folder: Path) -> None:
    """The plan's key changes with the specification, the other files, and the schema beside it."""
    seen = {mapping_plan(folder)[1]}
    for file in ("clinic.map.yaml", "excluded.tsv", "project.yaml", "clinic.yaml"):
        path = folder / file
        path.write_text(path.read_text() + "\n")
        seen.add(mapping_plan(folder)[1])
    assert len(seen) == 5


def test_version(folder: Path) -> None:
    assert load_mapping(folder).version == folder_digest(folder)
    before = folder_digest(folder)
    (folder / "notes.txt").write_text("a note")
    assert folder_digest(folder) != before


def test_cached_plan_needs_no_linkml(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    plan = load_mapping(folder)
    code = (
        "import sys; from harmonize.mapping.compiler.compile import load_mapping; "
        f"plan = load_mapping({str(folder)!r}); print(plan.version); "
        "print(sorted({'linkml_runtime', 'linkml_map', 'pint'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines() == [plan.version, "[]"]


def test_check(folder: Path) -> None:
    assert check(folder) == []
    (folder / "project.yaml").write_text("- a list")
    (problem,) = check(folder)
    assert (problem.file, problem.line, problem.level) == ("project.yaml", 1, "error")
    assert "YAML mapping" in problem.message
    assert isinstance(load_mapping(CLINIC), MappingPlan)


def test_documented() -> None:
    """docs/mapping-language.md names each function with its meaning, and tests that exist."""
    text = (Path(__file__).parents[3] / "docs" / "mapping-language.md").read_text()
    for function in FUNCTIONS.values():
        assert re.search(rf"^\| `{function.name}`\(.*\| {re.escape(function.help)} \|$", text, re.MULTILINE)
    tests = "".join(path.read_text() for path in Path(__file__).parents[2].glob("**/test_*.py"))
    for name in set(re.findall(r"`(test_\w+)", text)):
        assert f"def {name}(" in tests, name


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", mappings())
def test_linkml_map_reads_it(name: str) -> None:
    """linkml-map itself accepts every shipped specification."""
    engine = ObjectTransformer()
    engine.load_transformer_specification(spec_file(mapping_folder(name)))
    derivations = engine.specification.class_derivations
    assert [d.name for d in derivations] == [entry.target for entry in load_mapping(name).entries]


def test_forms(folder: Path) -> None:
    """Class derivations as a list of names, a list of {Class: ...} and a mapping say the same."""
    path = folder / "clinic.map.yaml"
    spec = yaml.safe_load(path.read_text())
    listed = spec["class_derivations"][:3]  # a mapping cannot name a class twice
    (folder / "excluded.tsv").unlink()
    columns = []
    for form in (
        listed,
        [{entry["name"]: {k: v for k, v in entry.items() if k != "name"}} for entry in listed],
        {entry["name"]: {k: v for k, v in entry.items() if k != "name"} for entry in listed},
    ):
        path.write_text(yaml.safe_dump(spec | {"class_derivations": form}, sort_keys=False))
        plan, _ = compile_all(folder)
        columns.append([(e.target, e.part, {n: c.sql for n, c in e.columns.items()}) for e in plan.entries])
    assert len(columns[0]) == 3
    assert columns[0] == columns[1] == columns[2]
