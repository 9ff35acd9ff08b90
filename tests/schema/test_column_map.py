"""A site's own headers: taken as spellings of the schema's columns, or refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.engine.errors import InputError
from harmonize.schema.column_map import assumed, version_with, with_columns
from harmonize.schema.load import load_schema

HEAD = "class\tcolumn\theader\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "columns.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_headers_become_spellings(tmp_path: Path) -> None:
    schema = load_schema("sources/ricord")
    path = write(tmp_path, f"\ufeff# ours\n{HEAD}\nexam\tAnon TCIA Study Date\tDay\nexam\tAnon_Age\tYears\n")
    slots = with_columns(schema, path).classes["exam"].slots
    assert slots["Anon_TCIA_Study_Date"].annotations["spellings"] == "AnonTCIA Study Date|Anon Study Date|Day"
    assert slots["Anon_Age"].annotations["spellings"] == "Years"
    assert "spellings" not in schema.classes["exam"].slots["Anon_Age"].annotations


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the first line must be"),
        ("class,column,header\n", "the first line must be"),
        (HEAD + "exams\tAnon MRN\tid\n", "line 2: the schema ricord has no class 'exams'"),
        (HEAD + "\nexam\tAnon MRM\tid\n", "line 3: the class exam has no column 'Anon MRM'"),
        (HEAD + "exam\tAnon MRN\n", "line 2: expected are a class, a column and a header"),
        (HEAD + "exam\tAnon MRN\ta|b\n", "line 2: expected are"),
        (HEAD + "exam\tAnon MRN\tid\nexam\tAnon Sex\tID\n", "the header 'id' of exam stands there twice"),
        (HEAD + "exam\tAnon MRN\tid\nexam\tAnon MRN\tmrn\n", "the column 'Anon MRN' of exam stands there twice"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        with_columns(load_schema("sources/ricord"), write(tmp_path, text))
    assert told in caught.value.message


def test_other_headers_are_another_version(tmp_path: Path) -> None:
    first = version_with("v", write(tmp_path, HEAD))
    assert version_with("v", write(tmp_path, HEAD + "exam\tAnon MRN\tid\n")) != first
    assert version_with("w", write(tmp_path, HEAD)) != first


def test_an_assumed_schema_says_so() -> None:
    assert assumed(load_schema("sources/ricord")) == []
    (told,) = assumed(load_schema("sources/cirr"))
    assert told.startswith("The schema cirr is assumed: no dictionary of CIRR is public")
