"""One mapping has one name, by whatever path it is named and wherever it is moved."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.mapping.compiler.compile import folder_digest, load_mapping
from harmonize.mapping.name import mapping_name

HOSPITAL = Path(__file__).parents[1] / "pipeline" / "data" / "hospital"


@pytest.fixture
def lakeside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(HOSPITAL, tmp_path / "lakeside"))


def test_every_spelling_is_one_name(lakeside, tmp_path):
    (tmp_path / "link").symlink_to(lakeside)
    spellings = ["lakeside", "./lakeside", str(lakeside), "lakeside/../lakeside/", "lakeside/site.map.yaml", "link"]
    plans = [load_mapping(spelling) for spelling in spellings]
    assert {plan.name for plan in plans} == {"lakeside"}
    assert len({plan.version for plan in plans}) == 1
    os.chdir(lakeside)
    assert load_mapping(".").name == "lakeside"


def test_a_name_of_its_own_stays_through_a_renaming_and_changes_no_version(lakeside, tmp_path):
    before = folder_digest(lakeside)
    (lakeside / "project.yaml").write_text("name: harbour\n")
    named = folder_digest(lakeside)
    assert load_mapping("lakeside").name == "harbour"
    lakeside.rename(tmp_path / "moved")
    assert load_mapping("./moved").name == "harbour"
    (tmp_path / "moved" / "project.yaml").write_text("name: bay\n")
    assert folder_digest(tmp_path / "moved") == named
    (tmp_path / "moved" / "project.yaml").write_text("name: bay\ntime:\n  policy: as_is\n")
    assert folder_digest(tmp_path / "moved") not in (before, named)


@pytest.mark.parametrize("name", ["''", "a/b", "[x]", "5"])
def test_a_name_that_cannot_be_one(lakeside, name):
    (lakeside / "project.yaml").write_text(f"name: {name}\n")
    with pytest.raises(InputError, match=r"project\.yaml: name is .*; expected are letters"):
        load_mapping("lakeside")


def test_shipped_mappings_are_named_by_their_place():
    assert mapping_name(root("mappings") / "ehr" / "site_419639") == "ehr/site_419639"
    assert mapping_name(root("mappings") / "cirr") == "cirr"
