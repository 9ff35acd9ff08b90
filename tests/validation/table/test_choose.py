"""A file is taken for the class whose columns it has; where none fits, the nearest is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lab_table import LAB

from harmonize.engine.errors import InputError
from harmonize.schema.load import load_schema
from harmonize.schema.model import ClassDef, Schema, Slot
from harmonize.validation.table.choose import choose_class, class_of_name, spelled_names

VISIT = ClassDef("visit", {name: Slot(name, required=name == "visit_id") for name in ("visit_id", "sex", "start")})
SCHEMA = Schema("sources/x", {"lab": LAB, "visit": VISIT, "root": ClassDef("root", {}, abstract=True)})


def test_most_shared_columns_win():
    assert choose_class(SCHEMA, ["visit_id", "start"], "x.csv")[0].name == "visit"
    cls, why = choose_class(SCHEMA, ["record.id", "name", "sex", "other"], "x.csv")
    assert (cls.name, why) == ("lab", "3 of its 4 columns are those of class lab.")


def test_the_name_of_the_file_decides_between_equals():
    schema = Schema("s", {"lab": LAB, "lab2": replace(LAB, name="lab2", annotations={"file_pattern": "CHEM*"})})
    assert choose_class(schema, ["record.id", "name"], "in/Chem_1.csv")[0].name == "lab2"
    cls, why = choose_class(schema, ["record.id", "name"], "a.zip!lab_1.csv")
    assert cls.name == "lab"
    assert why.endswith("so is its name.")
    with pytest.raises(InputError, match="class lab and class lab2 alike"):
        choose_class(schema, ["record.id", "name"], "x.csv")


def test_the_nearest_class_is_named_with_what_is_missing():
    with pytest.raises(InputError) as error:
        choose_class(SCHEMA, ["record id", "nam", "sex", "age"], "x.csv")
    assert "nearest is lab" in error.value.message
    assert "'name' (like 'nam')" in error.value.message


def test_an_incomplete_file_is_taken_where_gaps_are_to_be_reported():
    headers = ["record.id", "nam", "sex", "age"]
    with pytest.raises(InputError):
        choose_class(SCHEMA, headers, "x.csv")
    assert choose_class(SCHEMA, headers, "x.csv", complete=False)[0].name == "lab"


def test_a_foreign_file_fits_nothing():
    with pytest.raises(InputError, match="fit no class"):
        choose_class(SCHEMA, ["alpha", "beta"], "x.csv", complete=False)


NODES = Schema(
    "s",
    {
        name: ClassDef(
            name,
            {
                "type": Slot("type", required=True, permissible_values=(name,)),
                "id": Slot("id", identifier=True, required=True),
                **{column: Slot(column) for column in columns},
            },
            annotations={"file_pattern": f"{name}_*.tsv"},
        )
        for name, columns in {
            "visit": ("start", "end"),
            "visit_part": ("start", "end"),
            "case": ("sex", "race"),
        }.items()
    },
)


@pytest.mark.parametrize(
    ("headers", "name", "told", "chosen"),
    [
        (["type", "id", "sex"], "case_A_20230303.tsv", "case", "case"),
        (["type", "id", "sex"], "case_A_20230303.tsv", "visit", "case"),  # a wrong type throughout
        (["type", "id", "sex"], "visit_A_20230303.tsv", "case", "case"),  # a wrong name
        (["type", "id", "start"], "visit_part_A_20230303.tsv", "visit_part", "visit_part"),
        (["type", "id", "start"], "visit_A_20230303.tsv", "visit_part", "visit_part"),  # equal columns: the type counts
    ],
)
def test_type_name_and_columns_tell_the_class(headers, name, told, chosen):
    cls, _ = choose_class(NODES, headers, name, most_frequent={"type": told}.get)
    assert cls.name == chosen


def test_the_longest_pattern_names_the_class():
    assert class_of_name(NODES, "in/visit_part_A_20230303.tsv").name == "visit_part"
    assert class_of_name(NODES, "batch.zip!visit_A_20230303.tsv").name == "visit"
    assert class_of_name(NODES, "other.tsv") is None


def test_known_spellings_of_a_column():
    slots = (Slot("md5sum", annotations={"spellings": "*md5sum|mdsum"}), Slot("size"))
    cls = ClassDef("manifest", {slot.name: slot for slot in slots})
    assert spelled_names(cls, ["*md5sum", "size"]) == ["md5sum", "size"]
    assert spelled_names(cls, ["MDSUM "]) == ["md5sum"]
    assert spelled_names(cls, ["md5sum", "*md5sum"]) == ["md5sum", "_md5sum"], "the column itself comes first"


@pytest.mark.parametrize(
    "header",
    [
        "Result ",
        " Result",
        "\u00a0Result",
        "RESULT",
        "result",
        "\ufeffResult",
        "Re\u00adsult",
        "*Result",
        "Ｒesult",
        "* Result*",
    ],
)
def test_a_header_is_known_as_it_is_seen(header):
    cls = ClassDef("lab", {"id": Slot("id"), "Result": Slot("Result")})
    assert spelled_names(cls, ["id", header]) == ["id", "Result"]


def test_a_header_with_a_name_of_its_own_is_no_other_column():
    cls = ClassDef("lab", {slot.name: slot for slot in (Slot("c_a", alias="a b"), Slot("Sex"))})
    assert spelled_names(cls, ["A\u00a0 B", "sex_"]) == ["c_a", "sex_"]
    assert spelled_names(cls, ["sex ", "SEX"]) == ["sex_", "Sex"], "DuckDB takes sex and SEX for one column"
    assert spelled_names(cls, ["SEX ", "Sex"]) == ["SEX_", "Sex"], "the column itself comes first"


def test_a_type_under_a_marked_header_tells_the_class():
    headers = ["*type", "*id", "sex"]
    assert choose_class(NODES, headers, "download.tsv", most_frequent={"_type": "case"}.get)[0].name == "case"


GEN3 = load_schema("sources/gen3")


@pytest.mark.parametrize("node", [name for name, cls in GEN3.classes.items() if "type" in cls.slots])
@pytest.mark.parametrize("suffix", ["_RSNA_20230303.tsv", ".tsv"])
def test_every_node_is_told_by_its_type_and_by_its_name(node, suffix):
    cls = GEN3.classes[node]
    headers = [slot.header for slot in cls.slots.values() if slot.required]
    assert choose_class(GEN3, headers, "download.tsv", most_frequent={"type": node}.get)[0].name == node
    named = [node, node.removesuffix("_file")] if "_series_" in node else [node]
    for name in named:
        assert class_of_name(GEN3, f"batch/{name}{suffix}").name == node


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("CIRR_202106_Submission_Manifest.txt", "image_manifest"),
        ("20210820image_manifest.txt", "image_manifest"),
        ("image_202110_batch6b.txt", "image_manifest"),
        ("image_ACR_20211115.tsv", "image_manifest"),
        ("imaging_data_manifest_2021_10_08.tsv", "image_manifest"),
        ("RSNA_20230303_clinical_manifest.tsv", "clinical_manifest"),
        ("imaging_study_RSNA_20230303.tsv", "imaging_study"),
    ],
)
def test_manifests_are_told_by_their_names(name, cls):
    assert class_of_name(GEN3, name).name == cls
