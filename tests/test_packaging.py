"""The package outside the checkout: as a wheel, and as a wheel from the source distribution."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel of the checkout and the wheel of its source distribution."""
    folder = tmp_path_factory.mktemp("built")
    build = [sys.executable, "-m", "build", "--no-isolation"]
    _run([*build, "--wheel", "--outdir", folder / "direct", REPOSITORY], folder)
    # without --wheel, build makes the source distribution and the wheel from that
    _run([*build, "--outdir", folder / "sdist", REPOSITORY], folder)
    return {kind: next((folder / kind).glob("*.whl")) for kind in ("direct", "sdist")}


def _run(command: list[object], folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["XDG_CACHE_HOME"] = str(folder / "cache")
    result = subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def _install(wheel: Path, folder: Path) -> Path:
    """A fresh environment with the wheel; its dependencies are those of the running one. Returns its command."""
    venv.create(folder, with_pip=False)
    paths = {"base": str(folder), "platbase": str(folder)}
    site = Path(sysconfig.get_path("purelib", "venv", paths))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", folder, "--disable-pip-version-check"]
    _run([*pip, "install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", wheel], folder)
    return Path(sysconfig.get_path("scripts", "venv", paths)) / "harmonize"


@pytest.mark.parametrize("kind", ["direct", "sdist"])
def test_the_wheel_works_outside_the_checkout(built: dict[str, Path], kind: str, tmp_path: Path) -> None:
    command = _install(built[kind], tmp_path / "venv")
    where = _run([command.parent / "python", "-c", "import harmonize; print(harmonize.__file__)"], tmp_path)
    assert where.startswith(str(tmp_path))
    assert _run([command, "--version"], tmp_path).startswith("harmonize ")
    assert "ehr/covid_19_ny_sbu" in _run([command, "mapping", "list"], tmp_path)
    page = _run([command, "mapping", "matrix", "n3c", "--node", "case", "--format", "html"], tmp_path)
    assert page.startswith("<!doctype html>")


def test_both_wheels_hold_the_same_files(built: dict[str, Path]) -> None:
    direct, sdist = (set(zipfile.ZipFile(built[kind]).namelist()) for kind in ("direct", "sdist"))
    assert direct == sdist
    for shipped in ("schemas", "mappings", "sql"):
        files = {f"harmonize/_data/{path.relative_to(REPOSITORY)}" for path in (REPOSITORY / shipped).rglob("*.*")}
        assert files <= direct
    templates = (REPOSITORY / "harmonize" / "report" / "templates").iterdir()
    assert {str(path.relative_to(REPOSITORY)) for path in templates} <= direct


@pytest.fixture(scope="module")
def command(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of the installed wheel."""
    return _install(built["direct"], tmp_path_factory.mktemp("installed") / "venv")


def _contents(folder: Path) -> dict[str, bytes]:
    """All files but what Python makes of modules when it imports them."""
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path): path.read_bytes() for path in files}


def test_nothing_is_written_into_the_installed_package(command: Path, tmp_path: Path) -> None:
    """README's review command, and its kin, as who installed the wheel runs them: the package's files are read only."""
    where = _run([command.parent / "python", "-c", "import harmonize; print(harmonize.__path__[0])"], tmp_path)
    package = Path(where.strip())
    before = _contents(package)
    for path in package.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    package.chmod(0o555)
    site, who = "ehr/covid_19_ny_sbu", ("--reviewer", "orcid:0000-0002-1825-0097")
    review = [command, "mapping", "review"]
    _run([*review, "decide", site, "NY_SBU:htn_v", "accept", *who], tmp_path)
    _run([*review, "change", site, "NY_SBU:cad_v", "--predicate", "skos:broadMatch", "--comment", "x", *who], tmp_path)
    assert "accepted_once" in _run([*review, "list", site, "--subject", "NY_SBU:htn_v"], tmp_path)
    assert _run([*review, "patch"], tmp_path).count("diff --git") == 2
    written = sorted(path.relative_to(tmp_path) for path in (tmp_path / "reviews").rglob("*.tsv"))
    assert written == [Path("reviews") / site / name for name in ("reviews.tsv", "rows.tsv")]
    assert _contents(package) == before


def test_the_shipped_plans_are_used_without_linkml(command: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom harmonize.mapping.compiler.compile import load_mapping\nload_mapping('ehr/covid_19_ny_sbu')\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('linkml', 'linkml_runtime', 'linkml_map')])"
    )
    assert _run([command.parent / "python", "-c", code], tmp_path) == "[]\n"
