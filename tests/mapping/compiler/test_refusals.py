"""Every kind of planted mistake is refused, with file, line and the nearest right name."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from harmonize.engine.errors import InputError
from harmonize.mapping.compiler.compile import compile_all, compile_folder, load_mapping, mapping_folder

CLINIC = Path(__file__).parents[1] / "data" / "clinic"
SPEC = "clinic.map.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CLINIC, tmp_path / "clinic"))


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CLINIC.parent / "objects", tmp_path / "objects"))


def plant(folder: Path, old: str, new: str, file: str = SPEC) -> int:
    """Replace a piece of a file's text, which is there once; gives its line."""
    path = folder / file
    before = path.read_text()
    assert before.count(old) == 1, f"{old!r} is there {before.count(old)} times"
    path.write_text(before.replace(old, new))
    return before[: before.index(old)].count("\n") + 1


def line_of(folder: Path, slot: str) -> int:
    """The line of the specification that derives a slot."""
    lines = (folder / SPEC).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.strip().startswith(f"{slot}:"))


def refusal(folder: Path) -> tuple[str, str]:
    """The one fault of a folder: (message, hint)."""
    try:
        _, faults = compile_all(folder)
    except InputError as error:
        faults = [error]
    assert len(faults) == 1, [fault.message for fault in faults]
    return faults[0].message, faults[0].hint or ""


def test_sound(folder: Path) -> None:
    assert compile_all(folder)[1] == []


MISTAKES = yaml.safe_load((CLINIC.parent / "refusals.yaml").read_text())


def planted(group: str) -> pytest.MarkDecorator:
    """One test for each planted mistake of a group in data/refusals.yaml."""
    keys = ("old", "new", "expr", "says", "hint")
    cases = [tuple(case.get(key, "") for key in keys) for case in MISTAKES[group]]
    return pytest.mark.parametrize(keys, cases, ids=[case["name"] for case in MISTAKES[group]])


def check(folder: Path, fault: InputError, line: int, says: str, hint: str) -> None:
    """The fault begins with file and line of the slot, or the class, that holds the planted line."""
    place = re.match(rf"{re.escape(str(folder / SPEC))}:(\d+)[: ]", fault.message)
    assert place, fault.message
    assert 0 <= line - int(place[1]) <= 4
    assert says in fault.message
    assert hint in (fault.hint or "")


@planted("expressions")
def test_expression(folder: Path, old: str, new: str, expr: str, says: str, hint: str) -> None:
    line = plant(folder, "{expr: weight != None}", f"{{expr: {json.dumps(expr)}}}")
    found, advice = refusal(folder)
    assert found.startswith(f"{folder / SPEC}:{line} slot when_ of class measurement: ")
    assert says in found
    assert hint in advice


@planted("derivations")
def test_derivation(folder: Path, old: str, new: str, expr: str, says: str, hint: str) -> None:
    line = plant(folder, old, new)
    faults = compile_all(folder)[1]  # some mistakes leave a column unread as well, which is a fault too
    check(folder, faults[0], line, says, hint)
    assert " slot " in faults[0].message


@planted("shapes")
def test_shape(folder: Path, old: str, new: str, expr: str, says: str, hint: str) -> None:
    line = plant(folder, old, new)
    with pytest.raises(InputError) as caught:
        compile_all(folder)
    place = re.match(rf"{re.escape(str(folder / SPEC))}:(\d+): ", caught.value.message)
    assert place, caught.value.message
    assert abs(line - int(place[1])) <= 1
    assert says in caught.value.message
    assert hint in (caught.value.hint or "")


@planted("classes")
def test_class(folder: Path, old: str, new: str, expr: str, says: str, hint: str) -> None:
    line = plant(folder, old, new)
    faults = compile_all(folder)[1]
    fault = next(fault for fault in faults if says in fault.message)
    check(folder, fault, line, says, hint)


@planted("objects")
def test_object(orders: Path, old: str, new: str, expr: str, says: str, hint: str) -> None:
    """Mistakes in nested derivations: the fault names the line, the slot and the class where it is."""
    line = plant(orders, old, new, "objects.map.yaml")
    try:
        fault = compile_all(orders)[1][0]
    except InputError as error:
        fault = error
    place = re.match(rf"{re.escape(str(orders / 'objects.map.yaml'))}:(\d+)[: ]", fault.message)
    assert place, fault.message
    assert -1 <= line - int(place[1]) <= 3, fault.message
    assert says in fault.message
    assert hint in (fault.hint or "")


@pytest.mark.parametrize(
    ("populated_from", "says", "hint"),
    [
        ("unit", "populated from 'unit', which the derivation around it does not join", "Call the join 'u' unit."),
        ("u", "populated from 'u', and linkml-map looks for a class of that name", "Call the join unit."),
    ],
)
def test_object_of_a_class_joined_by_another_name(orders: Path, populated_from: str, says: str, hint: str) -> None:
    plant(orders, "unit: {join_on: ward}", "u: {class_named: unit, join_on: ward}", "objects.map.yaml")
    nested = "- name: Place\n            populated_from: unit"
    line = plant(orders, nested, nested.replace("unit", populated_from), "objects.map.yaml")
    fault = compile_all(orders)[1][0]
    assert fault.message.startswith(f"{orders}/objects.map.yaml:{line} slot place of class administration: ")
    assert says in fault.message
    assert fault.hint == hint


def test_required_slot(folder: Path) -> None:
    line = plant(folder, "      case_key: {populated_from: patient}\n      age_value", "      age_value")
    found, _ = refusal(folder)
    place = int(found.removeprefix(f"{folder / SPEC}:").partition(" ")[0])
    assert 0 < line - place <= 7
    assert "slot case_key of class case: it is required and not derived" in found


def test_enum_without_derivation(folder: Path) -> None:
    plant(folder, "enum_derivations:\n  SexCode:\n    mirror_source: true\n", "")
    _, faults = compile_all(folder)
    assert faults[0].message.startswith(
        f"{folder / SPEC}:{line_of(folder, 'sex_source')} slot sex_source of class case: "
    )
    assert "'sex' is an enum (SexCode) with no derivation" in faults[0].message
    assert "mirror_source: true" in (faults[0].hint or "")


@pytest.mark.parametrize(
    ("source", "target", "says", "hint"),
    [
        ("[degF]", "Cel", "'[degF]' to 'Cel' is not proportional", "Write expr: fahrenheit_to_celsius(number(x))."),
        ("K", "[degF]", "'K' to '[degF]' is not proportional", "Write it as an expr."),
        ("[degRe]", "K", "'[degRe]' to 'K' is not proportional", "Write it as an expr."),
        ("mg/dL", "mmol/L", "'mg/dL' cannot be converted to 'mmol/L': Cannot convert from", "Use UCUM codes."),
    ],
)
def test_offset_unit(folder: Path, source: str, target: str, says: str, hint: str) -> None:
    """Units whose zeros differ are refused with the expression to write, those of two kinds with the reason."""
    plant(folder, "[oz_av]", source, "clinic.yaml")
    line = plant(folder, "target_unit: kg,", f"target_unit: '{target}',")
    found, advice = refusal(folder)
    assert found.startswith(f"{folder / SPEC}:{line - 2} slot value_number of class measurement: {says}")
    assert advice == hint


def test_joined_enum(folder: Path) -> None:
    """linkml-map gives a joined column's value as it is, whatever its enum's derivation says."""
    plant(folder, "      code:\n        identifier: true\n      name:\n",
          "      code:\n        identifier: true\n      name:\n        range: SexCode\n", "clinic.yaml")  # fmt: skip
    derivation = "permissible_value_derivations: {x: {populated_from: [F, M, U]}}"
    plant(folder, "  SexCode:\n    mirror_source: true\n", f"  SexCode: {{{derivation}}}\n")
    fault = next(fault for fault in compile_all(folder)[1] if "of a joined column" in fault.message)
    place = f"{folder / SPEC}:{line_of(folder, 'admit_source')} slot admit_source of class visit: "
    assert fault.message.startswith(f"{place}linkml-map does not translate SexCode")
    assert fault.hint == "Write value_mappings."


def test_multivalued_column(folder: Path) -> None:
    plant(folder, "      age:\n        range: integer\n", "      age:\n        multivalued: true\n", "clinic.yaml")
    _, faults = compile_all(folder)
    assert faults[0].message.startswith(
        f"{folder / SPEC}:{line_of(folder, 'age_value')} slot age_value of class case: "
    )
    assert "'age' is multivalued in its schema, and a column is one text" in faults[0].message
    assert "split it" in (faults[0].hint or "")


def test_columns_all_accounted_for(folder: Path) -> None:
    plant(folder, "stay\tcough.twice\trestates cough\n", "", "excluded.tsv")
    found, hint = refusal(folder)
    assert found.startswith(f"{folder / SPEC}:1: columns of stay are neither mapped nor excluded: 'cough.twice'")
    assert "excluded.tsv" in hint


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("stay\tage\tnot wanted", "'age' of stay is excluded, and read in line", ""),
        ("stay\tstay id\tnot wanted", "'stay id' of stay is excluded, and the record's key", ""),
        ("stay\tcough.twise\tnot wanted", "'cough.twise' is not a column of stay", "cough.twice"),
        ("stray\tage\tnot wanted", "no class 'stray'", "stay"),
        ("stay\tcough_twice\tagain", "'cough_twice' of stay is excluded twice", ""),
        ("stay\tage", "a class, a column and a reason", ""),
        ("stay\tage\t ", "a class, a column and a reason", ""),
    ],
)
def test_excluded(folder: Path, line: str, message: str, hint: str) -> None:
    path = folder / "excluded.tsv"
    number = path.read_text().count("\n") + 1
    path.write_text(path.read_text() + line + "\n")
    found, advice = refusal(folder)
    assert found.startswith(f"{path}:{number}: ")
    assert message in found
    assert hint in advice


def test_excluded_header(folder: Path) -> None:
    plant(folder, "class\tcolumn\treason", "class,column,reason", "excluded.tsv")
    _, faults = compile_all(folder)
    assert faults[0].message.startswith(f"{folder / 'excluded.tsv'}:1: ")


def test_first_fault_and_count(folder: Path) -> None:
    plant(folder, "notnull(patient)", "notnull(pateint)")
    plant(folder, "weight != None", "wieght != None")
    with pytest.raises(InputError, match=r"'pateint'.* \(1 more: harmonize mapping check\)"):
        compile_folder(folder)


def test_unknown_mapping() -> None:
    with pytest.raises(InputError, match="no mapping 'idcc'") as caught:
        load_mapping("idcc")
    assert caught.value.hint
    assert mapping_folder(CLINIC) == CLINIC
    assert mapping_folder(CLINIC / SPEC) == CLINIC


def test_two_mappings_of_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harmonize.mapping.compiler.compile.mappings", lambda: ["ehr/clinic", "gen3/clinic"])
    with pytest.raises(InputError, match="'clinic' names several mappings") as caught:
        mapping_folder("clinic")
    assert caught.value.hint == "One of: ehr/clinic, gen3/clinic"


def test_two_specifications(folder: Path) -> None:
    (folder / "other.map.yaml").write_text("")
    assert "holds 2 *.map.yaml files" in refusal(folder)[0]


def test_enum_translated_twice(folder: Path) -> None:
    derivation = "permissible_value_derivations: {x: {populated_from: [F, M, U]}}"
    plant(folder, "  SexCode:\n    mirror_source: true\n", f"  SexCode: {{{derivation}}}\n")
    faults = [fault.message for fault in compile_all(folder)[1]]
    assert any("slot gender_coding of class case" in fault and "both translate" in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ":1: a specification is a YAML mapping"),
        ("- class_derivations", ":1: a specification is a YAML mapping"),
        ("\ntitle: nothing\n", ":2: the specification has no class_derivations"),
        ("class_derivations: []\n", ":1: the specification has no class_derivations"),
        ("class_derivations: case\n", ":1: class_derivations is a list of mappings"),
        (
            "source_schema: a\ntarget_schema: b\nclass_derivations:\n"
            "  - {name: case, populated_from: stay, joins: [a]}\n",
            ":4: class case: joins is a mapping of names",
        ),
    ],
)
def test_whole_file(folder: Path, text: str, says: str) -> None:
    (folder / SPEC).write_text(text)
    found, _ = refusal(folder)
    assert found.startswith(f"{folder / SPEC}{says}")


def test_unreadable_file(folder: Path) -> None:
    (folder / SPEC).write_bytes("title: größer".encode("latin-1"))
    assert refusal(folder)[0] == f"{folder / SPEC}: cannot be read: byte 10 is not UTF-8."


def test_project_that_is_not_yaml(folder: Path) -> None:
    (folder / "project.yaml").write_text("project_id: clinic\ntime: [offset\n")
    found, _ = refusal(folder)
    assert found.startswith(f"{folder / 'project.yaml'}:3: this is not YAML: ")
