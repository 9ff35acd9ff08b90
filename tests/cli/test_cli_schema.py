"""`harmonize schema`: readable tables on stdout, JSON, and the Gen3 import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest
from typer.testing import CliRunner

from harmonize.cli.schema import app
from harmonize.engine.errors import InputError
from harmonize.engine.paths import root

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_list() -> None:
    names = [row["name"] for row in orjson.loads(run("list", "--json"))]
    assert {"control", "gen3", "midrc", "omop"} <= set(names)
    assert all(name in run("list") for name in names)


def test_show_a_class() -> None:
    text = run("show", "omop", "person")
    line = next(line for line in text.splitlines() if "gender_concept_id" in line)
    assert all(word in line for word in ("integer", "yes", "→ concept.concept_id (Gender)"))
    assert "0..89" in run("show", "gen3", "gen3_case")
    person = orjson.loads(run("show", "omop", "person", "--json"))
    assert person["slots"]["person_id"]["identifier"] is True


def test_show_classes() -> None:
    assert "image_occurrence" in run("show", "omop")
    assert "case" in orjson.loads(run("show", "midrc", "--json"))["classes"]


def test_unknown_class() -> None:
    with pytest.raises(InputError, match="no class 'persn'") as error:
        run("show", "omop", "persn")
    assert error.value.hint == "Did you mean 'person'?"


@pytest.mark.realdata
def test_import_gen3(shared: Path, tmp_path: Path) -> None:
    committed = (root("schemas") / "gen3.yaml").read_text(encoding="utf-8")
    assert run("import-gen3", str(shared / "midrc_dictionary")) == committed
    run("import-gen3", str(shared / "midrc_dictionary"), "-o", str(tmp_path / "gen3.yaml"))
    assert (tmp_path / "gen3.yaml").read_text(encoding="utf-8") == committed
