"""A table of codes that a user brings: its keys are normalised, its conflicts told, it goes before the parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.engine.errors import InputError
from harmonize.imaging.loinc_codes import codes
from harmonize.imaging.study_code import code_file, study_code
from harmonize.imaging.study_table import keep, kept, read_table

HEADER = "Modality\tStudyDescription\tLOINC code\tL-Long Common Name\n"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


def _table(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "table.tsv"
    path.write_text("\ufeff" + HEADER + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def test_the_table_goes_before_the_parser_and_is_normalised(tmp_path: Path) -> None:
    keep(read_table(_table(tmp_path, "CR, DX\t Ward  Film \t 36572-6\tXR Chest AP")))
    found = study_code("DX", "ward film", kept())
    assert (found.loinc_code, found.loinc_source, found.confidence) == ("36572-6", "table", 1.0)
    assert (found.loinc_method, found.loinc_system) == ("XR", "Chest")
    assert study_code("CT", "ward film", kept()).loinc_source is None
    assert study_code("CT", "ward film of the chest", kept()).loinc_source == "parser"


def test_a_code_is_called_as_the_table_calls_it(tmp_path: Path) -> None:
    keep(read_table(_table(tmp_path, "DX\tward\t36572-6\tOur own name", "DX\tother\t36554-4\t")))
    names = [study_code("DX", text, kept()).loinc_long_common_name for text in ("ward", "other")]
    assert names == ["Our own name", codes()["36554-4"].long_common_name]


def test_a_code_that_is_not_shipped_is_taken_from_the_table(tmp_path: Path) -> None:
    keep(read_table(_table(tmp_path, "CT\todd\t99999-9\tSomething new")))
    found = study_code("CT", "ODD", kept())
    assert (found.loinc_code, found.loinc_long_common_name, found.loinc_method) == ("99999-9", "Something new", None)


def test_two_codes_for_one_key_are_told_and_not_used(tmp_path: Path) -> None:
    table = read_table(_table(tmp_path, "CR\tChest x\t36572-6\tA", "DX\tchest X\t36554-4\tB", "CT\tc\t24627-2\tC"))
    assert [(c.kind, c.values, c.lines) for c in table.conflicts] == [
        ("two codes for one study description", ("36554-4", "36572-6"), (2, 3))
    ]
    assert list(table.codes()) == [("CT", "C")]


def test_two_names_and_contradicting_methods_are_told(tmp_path: Path) -> None:
    table = read_table(
        _table(tmp_path, "CT\ta\t24627-2\tCT Chest", "CT\tb\t24627-2\tChest CT", "MR\tc\t24627-2\tCT Chest")
    )
    assert [c.kind for c in table.conflicts] == [
        "two long names for one code",
        "the code's method contradicts the modality",
    ]
    assert ("MR", "C") not in table.codes()


def test_blank_descriptions_are_one_key(tmp_path: Path) -> None:
    table = read_table(_table(tmp_path, "CT\t[blank]\t25045-6\tx", "CT\t(blank)\t25045-6\tx"))
    assert list(table.codes()) == [("CT", "")]
    assert not table.conflicts


def test_a_missing_column_and_a_ragged_row_are_told(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Modality,StudyDescripton\nCT,x\n", encoding="utf-8")
    with pytest.raises(InputError, match="has no column StudyDescription") as told:
        code_file(path, {})
    assert "StudyDescripton" in str(told.value.hint)
    path.write_text("Modality,StudyDescription\nCT,x,y\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        code_file(path, {})


def test_rows_keep_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('id,Modality,StudyDescription,reason\n7,CT,"CHEST, WO",follow up\n', encoding="utf-8")
    (row,) = code_file(path, {})
    assert (row["id"], row["StudyDescription"], row["reason_sent"], row["loinc_code"]) == (
        "7",
        "CHEST, WO",
        "follow up",
        "29252-4",
    )


def test_descriptions_that_state_the_same_and_have_two_codes_are_told_and_used(tmp_path: Path) -> None:
    table = read_table(
        _table(
            tmp_path, "CR\tChest 1v port\t36589-0\tA", "DX\tPORTABLE CHEST 1 VIEW\t30746-2\tB", "DX\tfirst\t36554-4\tC",
            "DX\tsecond\t36643-5\tD", "DX\tPortable chest 2 views\t103275-4\tE",
        )
    )  # fmt: skip
    (doubt,) = table.doubts
    assert doubt.sentence() == (
        "XR CHEST 1V PORT; XR PORTABLE CHEST 1 VIEW: 30746-2 and 36589-0 (lines 2, 3): "
        "two codes for descriptions that state the same"
    )
    assert table.conflicts == []
    assert len(table.codes()) == 5


def test_a_doubt_names_three_descriptions_and_counts_the_rest(tmp_path: Path) -> None:
    rows = [f"DX\tsite{n} chest\t{code}\tA" for n, code in enumerate(["30745-4", "30745-4", "36687-2", "30745-4"])]
    (doubt,) = read_table(_table(tmp_path, *rows)).doubts
    assert doubt.what == "XR SITE0 CHEST; XR SITE1 CHEST; XR SITE2 CHEST; and 1 more"
    assert doubt.lines == (2, 3, 4, 5)
