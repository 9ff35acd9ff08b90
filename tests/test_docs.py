"""The documentation: links lead somewhere, and every dependency has its reason."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return found[0]


def _declared() -> set[tuple[str, str]]:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    core = {("core", _name(requirement)) for requirement in project["dependencies"]}
    extras = project["optional-dependencies"].items()
    return core | {(extra, _name(requirement)) for extra, listed in extras for requirement in listed}


def _explained() -> set[tuple[str, str]]:
    core, extras = (REPOSITORY / "docs" / "dependencies.md").read_text().split("## Extras")
    rows = {("core", name) for name in re.findall(r"^\| `([^`]+)` \| \S", core, re.MULTILINE)}
    return rows | set(re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| \S", extras, re.MULTILINE))


def test_every_dependency_has_its_reason_and_no_other_is_listed() -> None:
    assert _explained() == _declared()


def _check(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a copy of the link checker in `folder`, as it finds the repository from its own place."""
    script = folder / "docs" / "check_links.py"
    script.write_text((REPOSITORY / "docs" / "check_links.py").read_text())
    return subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("[a](other.md)", None),
        ("[a](other.md#the-one-heading)", None),
        ("[a](https://example.org/nothing)", None),
        ("`[a](code.md)`", None),
        ("[a](missing.md)", "missing.md does not exist"),
        ("[a](other.md#another)", "no such heading"),
    ],
)
def test_link_checker(tmp_path: Path, link: str, problem: str | None) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(link)
    (tmp_path / "docs" / "other.md").write_text("# The one heading!\n")
    result = _check(tmp_path)
    assert result.returncode == (0 if problem is None else 1)
    assert problem is None or problem in result.stdout
