"""The notebooks of the documentation run, show what their files hold, and become pages of the site."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

import nbformat
import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def test_they_run_and_show_what_their_files_hold() -> None:
    """`python docs/run_notebooks.py` writes them anew."""
    done = subprocess.run(
        [sys.executable, DOCS / "run_notebooks.py", "--check"], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr[-2000:]


def test_there_are_three_and_they_use_pandas_polars_and_arrow() -> None:
    assert sorted(module("run_notebooks").NOTEBOOKS) == [path.stem for path in NOTEBOOKS]
    code = "".join(cell.source for path in NOTEBOOKS for cell in read(path).cells if cell.cell_type == "code")
    for word in ("import pandas", "import polars", ".arrow()", "import matplotlib"):
        assert word in code


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_holds_no_path_of_a_machine_and_short_cells(path: Path) -> None:
    assert re.findall(r"/(?:home|root|tmp|Users|work)/", path.read_text(encoding="utf-8")) == []
    assert max(len(cell.source.splitlines()) for cell in read(path).cells) <= 10


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_page_has_its_code_its_tables_and_its_pictures(path: Path) -> None:
    hooks = module("notebook_hooks")
    book = read(path)
    made = hooks.pages(PurePosixPath("notebooks") / path.name, dict(book))
    page = made.pop(f"notebooks/{path.stem}.md")
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    drawn = sum("image/png" in output.get("data", {}) for output in outputs)
    assert page.count("```python") == sum(cell.cell_type == "code" for cell in book.cells)
    assert page.count("<table") == sum("<table" in output.get("data", {}).get("text/html", "") for output in outputs)
    assert [page.count(f"]({PurePosixPath(name).name})") for name in made] == [1] * drawn
    assert {content[:4] for content in made.values()} == {b"\x89PNG"}
    assert drawn >= 1
    assert f"]({path.name})" in page


def test_a_link_to_a_notebook_leads_to_its_page_on_the_site() -> None:
    hooks = module("notebook_hooks")
    said = "[a](notebooks/first-look.ipynb), [b](../notebooks/cohort.ipynb#x), `notebooks/cohort.ipynb`"
    told = hooks.on_page_markdown(said, None, None, None)
    assert told == "[a](notebooks/first-look.md), [b](../notebooks/cohort.md#x), `notebooks/cohort.ipynb`"
