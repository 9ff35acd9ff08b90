"""The rules as data: complete, and in step with docs/validation.md."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from lab_table import LAB

from harmonize.engine.paths import root, sql
from harmonize.schema.model import ClassDef, Slot
from harmonize.validation.rules import NULL_TEXTS, declared_rules, rule_texts, synonyms
from harmonize.validation.rules_page import page

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "validation.md"


# A record or cell with an error is held back, one with a warning is loaded: which is which is said here once more.
WARNINGS = (Path(__file__).parent / "data" / "warnings.txt").read_text(encoding="utf-8").splitlines()


def test_a_rule_holds_back_what_it_is_meant_to():
    found = sorted(rule for rule, told in rule_texts().items() if told.severity == "warning")
    assert found == WARNINGS


def test_what_people_write_for_a_value():
    told = yaml.safe_load((Path(__file__).parent / "data" / "synonyms.yaml").read_text(encoding="utf-8"))
    assert {(text, value) for text, values in synonyms().items() for value in values} == {
        (text, value) for value, texts in told.items() for text in texts
    }


def test_every_rule_is_told_completely():
    for text in rule_texts().values():
        assert text.severity in ("error", "warning")
        assert text.scope in ("file", "record", "cell")
        assert text.message.endswith(".")
        assert text.hint.endswith(".")
        assert text.why.endswith(".")
        assert text.source
        assert text.example
        assert set(re.findall(r"\{(\w+)\}", text.message + text.hint)) <= {"column", "value", "expected"}


def test_the_page_shows_every_rule():
    table = [f"| `{t.rule}` | {t.severity} | {t.scope} | {t.message} |" for t in rule_texts().values()]
    shown = re.findall(r"^\| `\w+` \| \w+ \| \w+ \| .+ \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert shown == table, "docs/validation.md must show:\n" + "\n".join(table)


def test_the_page_of_the_rules_is_in_step():
    written = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m harmonize.validation.rules_page > docs/rules.md"


def test_declared_rules_leave_no_name_open():
    for rule in declared_rules(LAB):
        assert "{cell}" not in rule.where
        assert "{raw}" not in rule.where


@pytest.mark.parametrize("form", ["%d.%m.%Y|%d.%m.%y|%Y%m%d|%Y-%m-%d|%d-%b-%Y"])
def test_more_date_formats_than_the_function_takes(con, form):
    (rule,) = [
        rule
        for rule in declared_rules(ClassDef("c", {"x": Slot("x", range="date", annotations={"date_formats": form})}))
        if rule.rule == "type_date"
    ]
    con.execute(sql("functions"))
    for value, bad in (("03.01.2020", False), ("03-Jan-2020", False), ("2020/01/03", True)):
        assert con.execute(f"SELECT {rule.where} FROM (SELECT ? AS x)", [value]).fetchone() == (bad,)


def test_every_text_that_looks_empty_passes_the_guard(con):
    slot = Slot("x", range="string")
    (rule,) = [rule for rule in declared_rules(ClassDef("c", {"x": slot})) if rule.rule == "null_like"]
    for text in NULL_TEXTS:
        for cell in (text, text.upper(), text.capitalize(), f" {text}"):
            found = con.execute(f"SELECT {rule.guard}, {rule.where} FROM (SELECT ? AS x)", [cell]).fetchone()
            assert found == (True, True), cell


@pytest.mark.parametrize("path", sorted((root("sql") / "validation" / "lists").iterdir()), ids=lambda path: path.stem)
def test_a_list_has_its_origin_and_nothing_twice(path: Path) -> None:
    told = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if f"| [{path.name}](" in line]
    assert [len(cells[-1].rstrip(" |")) > 5 for cells in told] == [True]
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    named = 2 if header.startswith(("quantity", "text")) else 1
    assert not [key for key, n in Counter(tuple(line.split("\t")[:named]) for line in lines).items() if n > 1]
