"""The plan of the steps: shipped as sql/steps has it; the order of a stage; what cannot be a step is refused."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.paths import plan_folders, root
from harmonize.engine.steps import PLAN
from harmonize.pipeline.steps.build import compiled
from harmonize.pipeline.steps.order import Stage
from harmonize.pipeline.steps.statement import Statement, read_statement

MAKE = "-- A.\nCREATE OR REPLACE TEMP TABLE {} AS SELECT 1 AS n"


def test_the_shipped_plan_is_that_of_the_shipped_steps() -> None:
    shipped = orjson.loads((plan_folders()[0] / PLAN).read_bytes())
    assert shipped == orjson.loads(orjson.dumps(compiled(root("sql") / "steps"))), "make plans"


def test_every_step_says_in_words_what_it_is() -> None:
    for path in (root("sql") / "steps").rglob("*.sql"):
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        assert first.startswith("-- "), path
        assert len(first) > 15, path


def read(folder: Path, files: dict[str, str]) -> list[Statement]:
    for name, text in files.items():
        path = folder / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [read_statement(folder, folder / f"{name}.sql") for name in files]


def order(folder: Path, files: dict[str, str], *known: str) -> list[str]:
    stage = Stage("s", ["f", "g"], read(folder, files), set(known))
    return [name.partition("/")[2] for name in stage.order()]


def test_makers_then_writers_then_readers(tmp_path: Path) -> None:
    found = order(tmp_path, {
        "f/a": "-- A.\nCREATE TEMP TABLE a AS SELECT n FROM z",
        "f/m.adds": "-- A.\nINSERT INTO m SELECT 2",
        "f/m.changed": "-- A.\n-- after: m.adds\nUPDATE m SET n = 3",
        "g/reader": "-- A.\nCREATE TEMP TABLE reader AS SELECT n FROM m",
        "g/m": MAKE.format("m"), "g/z": MAKE.format("z"),
    })  # fmt: skip
    assert found == ["m", "m.adds", "m.changed", "reader", "z", "a"]


def test_what_builds_on_a_reader_does_not_hold_it_up(tmp_path: Path) -> None:
    """A stored table is read, and changed by what was found: the reader sees it as it was."""
    found = order(tmp_path, {
        "f/case.moved": "-- A.\nUPDATE midrc.\"case\" SET n = m.n FROM moved m WHERE m.k = midrc.\"case\".k",
        "f/moved": "-- A.\nCREATE TEMP TABLE moved AS SELECT k, n FROM midrc.\"case\"",
        "g/after": "-- A.\nCREATE TEMP TABLE after AS SELECT k FROM midrc.\"case\"",
    })  # fmt: skip
    assert found == ["moved", "case.moved", "after"]


def test_rows_macros_and_classes_come_before_what_needs_them(tmp_path: Path) -> None:
    found = order(tmp_path, {
        "f/a": "-- A.\nCREATE TEMP TABLE a AS SELECT twice(n) AS n FROM omop.note",
        "f/b": "-- A.\n-- when: red\nCREATE TEMP TABLE b AS SELECT 1 AS n",
        "g/class.colour": "-- A.\n-- tells: red\nSELECT 'red' FROM kept",
        "g/note": "-- A.\n-- rows: omop.note\n-- keeps: kept\nSELECT 1 AS n",
        "g/twice": "-- A.\n-- on demand\nCREATE TEMP MACRO twice(x) AS 2 * x",
    })  # fmt: skip
    assert found == ["note", "class.colour", "b", "twice", "a"]


def test_before_and_after_readers(tmp_path: Path) -> None:
    files = {
        "f/t.late": "-- A.\n-- after: readers\nUPDATE midrc.t SET n = 1 FROM last",
        "f/t.early": "-- A.\n-- before: last\nDELETE FROM midrc.t",
        "g/last": "-- A.\nCREATE TEMP TABLE last AS SELECT n FROM midrc.u",
        "g/reads": "-- A.\nCREATE TEMP TABLE reads AS SELECT n FROM midrc.t",
    }
    assert order(tmp_path, files) == ["t.early", "last", "reads", "t.late"]


def test_a_step_that_runs_again_has_a_second_entry(tmp_path: Path) -> None:
    found = order(tmp_path, {
        "f/age": "-- A.\n-- again: moved\nCREATE TEMP TABLE age AS SELECT n FROM day",
        "f/class.moved": "-- A.\n-- tells: moved\nSELECT 'moved' FROM shift",
        "f/shift": "-- A.\nCREATE TEMP TABLE shift AS SELECT n FROM day",
        "f/told": "-- A.\nCREATE TEMP TABLE told AS SELECT n FROM age",
    }, "day")  # fmt: skip
    assert found == ["age", "shift", "class.moved", "age@again", "told"]


UNSOUND = {
    "nothing makes b": {"f/a": "-- A.\nCREATE TEMP TABLE a AS SELECT n FROM b"},
    "it must be one statement": {"f/a": "-- A.\nCREATE TEMP TABLE a AS SELECT 1; DROP TABLE a"},
    "its name must begin with b": {"f/a": "-- A.\nCREATE TEMP TABLE b AS SELECT 1"},
    "a Drop is no step": {"f/a": "-- A.\nDROP TABLE a"},
    "a Select is no step": {"f/a": "-- A.\nSELECT 1"},
    "its first line must say in words": {"f/a": "-- when: b\nCREATE TEMP TABLE a AS SELECT 1"},
    "it reads linked.event, a view for analysts": {"f/a": "-- A.\nCREATE TEMP TABLE a AS SELECT 1 FROM linked.event"},
    "it makes rows of the hub from OMOP": {"f/visit": "-- A.\nINSERT INTO midrc.visit SELECT 1 FROM omop.person"},
    "nothing tells whether there are rows of red": {"f/a": "-- A.\n-- when: red\nCREATE TEMP TABLE a AS SELECT 1"},
    "there is no step b to come after": {"f/a": "-- A.\n-- after: b\nCREATE TEMP TABLE a AS SELECT 1"},
    "goes in a circle: f/a → f/b → f/a": {
        "f/a": "-- A.\nCREATE TEMP TABLE a AS FROM b",
        "f/b": "-- A.\nCREATE TEMP TABLE b AS FROM a",
    },
    "nothing says whether it comes before or after f/t.two": {
        "f/t.one": "-- A.\nUPDATE midrc.t SET n = 1",
        "f/t.two": "-- A.\nUPDATE midrc.t SET n = 2",
    },
}


@pytest.mark.parametrize("said", UNSOUND)
def test_what_is_unsound_is_refused(said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        order(tmp_path, UNSOUND[said])
    assert said in str(caught.value)
    assert str(caught.value).startswith("sql/steps")


def test_two_makers_and_a_folder_without_a_stage_are_refused(tmp_path: Path) -> None:
    (tmp_path / "stages.yaml").write_text("stages: {s: [f]}\ngiven: []\ninputs: {}\n")
    read(tmp_path, {"f/a": MAKE.format("a"), "f/a.b": MAKE.format("a")})
    with pytest.raises(InputError, match=r"a is made by f/a\.b already"):
        compiled(tmp_path)
    (tmp_path / "f" / "a.b.sql").unlink()
    read(tmp_path, {"h/b": MAKE.format("b")})
    with pytest.raises(InputError, match=r"sql/steps/h/b\.sql: no stage of stages.yaml has its folder"):
        compiled(tmp_path)
