"""schema diff: planted changes of a dictionary, and what they touch."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from gen3_batch import PROJECT, write_batch

from harmonize.cli.main import main
from harmonize.engine.paths import root
from harmonize.engine.store import open_store
from harmonize.pipeline.load import load
from harmonize.schema.diff import _node_changes, compare, read_dictionary
from harmonize.schema.model import ClassDef

GEN3 = root("schemas") / "gen3.yaml"
RACE = "  case_race:\n    permissible_values:\n"
AGE = (
    "        title: Age in Years at Index Date\n        range: double\n"
    "        minimum_value: 0\n        maximum_value: 89\n"
)
STUDY = (
    "        annotations: {link: imaging_study, multiplicity: many_to_one, label: related_to, "
    "backref: ct_series_files,\n          link_required: 'false'"
)

CHANGES = [
    (RACE + "      American Indian or Alaska Native:\n      Asian:\n",
     RACE + "      American Indian or Alaska Native:\n",
     ["case.race: value removed: Asian"], True),
    (RACE, RACE + "      Martian:\n", ["case.race: value added: Martian"], False),
    (AGE, AGE.replace("maximum_value: 89", "maximum_value: 79"), ["case.age_at_index: maximum changed: 89 → 79"], True),
    (AGE, AGE.replace("maximum_value: 89", "maximum_value: 99"),
     ["case.age_at_index: maximum changed: 89 → 99"], False),
    (AGE, AGE.replace("minimum_value: 0", "minimum_value: 1"), ["case.age_at_index: minimum changed: 0 → 1"], True),
    (AGE, AGE.replace("        minimum_value: 0\n", ""), ["case.age_at_index: minimum removed: 0"], False),
    (AGE, AGE.replace("double", "integer"), ["case.age_at_index: type changed: double → integer"], True),
    ("        range: case_race\n", "", ["case.race: type changed: list of values → string"], False),
    ("      discharge_type:\n", "      discharge_type: {required: true}\n",
     ["visit.discharge_type: now required"], True),
    ("        pattern: ^[a-f0-9]{32}$\n", "        pattern: ^[a-f0-9]{64}$\n",
     [f"{node}.md5sum: pattern changed: ^[a-f0-9]{{32}}$ → ^[a-f0-9]{{64}}$" for node in (
         "annotation_file", "cr_series_file", "ct_series_file", "dicom_annotation_file", "dx_series_file",
         "mg_series_file", "mr_series_file", "nm_series_file", "pt_series_file", "radiology_report", "rf_series_file",
         "supplementary_file", "us_series_file", "xa_series_file")], True),
    ("      breathing_support_type:\n", "", ["procedure.breathing_support_type: property removed"], True),
    ("      breathing_support_type:\n", "      breathing_support_type:\n      flow_rate:\n",
     ["procedure.flow_rate: property added"], False),
    ("      breathing_support_type:\n", "      breathing_support_type:\n      flow_rate: {required: true}\n",
     ["procedure.flow_rate: property added, required"], True),
    ("      convolution_kernel:\n        title: Convolution Kernel\n        multivalued: true\n",
     "      convolution_kernel:\n        title: Convolution Kernel\n",
     ["ct_series_file.convolution_kernel: several changed: several values → one value"], True),
    (STUDY, STUDY.replace("'false'", "'true'"),
     ["ct_series_file.imaging_studies: link changed: "
      "imaging_study many_to_one optional → imaging_study many_to_one required"],
     True),
    ("      required_any_of: conditions|procedures|cases\n", "      required_any_of: procedures|cases\n",
     ["measurement: link group changed: "
      "required_any_of conditions|procedures|cases → required_any_of procedures|cases"], True),
]  # fmt: skip


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Path]:
    """The dictionary with one text replaced."""

    def write(old: str, new: str) -> Path:
        text = GEN3.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "gen3.yaml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(("old", "new", "said", "breaking"), CHANGES)
def test_planted_changes(
    changed: Callable[[str, str], Path], old: str, new: str, said: list[str], breaking: bool
) -> None:
    changes = compare(read_dictionary(GEN3), read_dictionary(changed(old, new)))
    assert sorted(map(str, changes)) == sorted(said)
    assert {change.breaking for change in changes} == {breaking}


def test_nodes(changed: Callable[[str, str], Path]) -> None:
    """A renamed node is one that went and one that came."""
    text = GEN3.read_text(encoding="utf-8")
    path = changed("  gen3_supplementary_file:\n", "  gen3_extra_file:\n")
    path.write_text(path.read_text().replace("gen3_node: supplementary_file", "gen3_node: extra_file"))
    assert "gen3_node: supplementary_file" in text
    changes = compare(read_dictionary(GEN3), read_dictionary(path))
    assert [(str(change), change.breaking) for change in changes] == [
        ("supplementary_file: node removed", True),
        ("extra_file: node added", False),
    ]


@pytest.mark.realdata
def test_the_folder_is_the_committed_schema(shared: Path) -> None:
    assert compare(read_dictionary(shared / "midrc_dictionary"), read_dictionary(GEN3)) == []


@pytest.fixture(scope="module")
def loaded(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the batch."""
    folder = tmp_path_factory.mktemp("loaded")
    with open_store(Path(shutil.copy(empty_store, folder / "store.duckdb"))) as store:
        load(store, [write_batch(folder / "batch")], source="gen3", project=PROJECT)
    return folder / "store.duckdb"


def test_what_a_change_touches(
    changed: Callable[[str, str], Path], loaded: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = changed(RACE + "      American Indian or Alaska Native:\n      Asian:\n      Black or African American:\n"
                   "      Native Hawaiian or other Pacific Islander:\n      Other:\n      White:\n",
                   RACE + "      American Indian or Alaska Native:\n      Asian:\n      Black or African American:\n"
                   "      Native Hawaiian or other Pacific Islander:\n      Other:\n")  # fmt: skip
    arguments = ["schema", "diff", str(GEN3), str(path)]
    assert main([*arguments, "--db", str(loaded), "--json"]) == 1
    told = json.loads(capsysbinary.readouterr().out)
    (change,) = told["changes"]
    assert told["breaking"] == 1
    assert (change["node"], change["property"], change["old"], change["rows"]) == ("case", "race", "White", 1)
    assert change["slots"] == ["case.race"]
    lines = (root("mappings") / "gen3" / "batch" / "batch.map.yaml").read_text(encoding="utf-8").splitlines()
    number = next(place for place in change["mappings"] if "gen3/batch" in place).rpartition(":")[2]
    assert lines[int(number) - 1].strip() == "race: {populated_from: race}"
    assert main(arguments) == 1
    text = capsysbinary.readouterr().out.decode()
    assert "! case.race: value removed: White\n      hub case.race\n" in text
    assert f"mappings/gen3/batch/batch.map.yaml: {number}\n" in text
    assert main(["schema", "diff", str(GEN3), str(GEN3)]) == 0


SERIES = [
    (
        "      lossy_image_compression:\n",
        "      tube_voltage: {required: true}\n      lossy_image_compression:\n",
        None,
    ),
    ("        pattern: ^[a-f0-9]{32}$\n", "        pattern: ^[a-f0-9]{64}$\n", 1),
]


@pytest.mark.parametrize(("old", "new", "rows"), SERIES)
def test_rows_of_one_series_node(
    changed: Callable[[str, str], Path], loaded: Path, capsysbinary: pytest.CaptureFixture[bytes],
    old: str, new: str, rows: int | None,
) -> None:  # fmt: skip
    capsysbinary.readouterr()
    main(["schema", "diff", str(GEN3), str(changed(old, new)), "--db", str(loaded), "--json"])
    found = {change["node"]: change for change in json.loads(capsysbinary.readouterr().out)["changes"]}
    # a new property has no slot in the hub yet, so no row can be told
    assert found["ct_series_file" if rows else "cr_series_file"]["rows"] == rows
    if rows:
        assert found["mr_series_file"]["rows"] == 0
        assert len(found["ct_series_file"]["mappings"]) == 1


@pytest.mark.parametrize(
    ("before", "after", "breaking"),
    [(None, "a|b", True), ("a|b", None, False), ("a|b", "a|b|c", False), ("a|b|c", "a|b", True), ("a|b", "a|c", True)],
)
def test_a_group_of_links_that_comes_goes_or_changes(before: str | None, after: str | None, breaking: bool) -> None:
    """What was valid is so no longer where a link of the group is gone, or where there was no group."""

    def node(links: str | None) -> ClassDef:
        return ClassDef("n", {}, annotations={"required_any_of": links} if links else {})

    (change,) = _node_changes("n", node(before), node(after))
    assert (change.what, change.breaking) == ("link_group", breaking)
    assert (change.old, change.new) == tuple(f"required_any_of {one}" if one else None for one in (before, after))
