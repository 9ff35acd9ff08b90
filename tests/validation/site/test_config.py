"""A site's own severities and switches."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab_table import HEADER, LAB, SOUND

from harmonize.engine.errors import InputError
from harmonize.validation.site.apply import Site
from harmonize.validation.site.config import Config, Setting, apply, read_config
from harmonize.validation.table.findings import check
from harmonize.validation.validate import validate

BAD = HEADER + SOUND.replace("Male", "Man").replace("ok", " x") + "R2, Bo,,,,,,N/A\n"


@pytest.fixture
def read(tmp_path: Path):
    def run(text: str) -> Config:
        path = tmp_path / "harmonize.yaml"
        path.write_text(text)
        return read_config(path)

    return run


@pytest.fixture
def counts(con, stage):
    """Checks the bad table under a configuration and counts findings by rule, severity and column."""

    def run(config: Config) -> tuple[dict[tuple, int], list[str]]:
        check(con, stage(BAD), LAB, 1)
        notes = apply(con, config, 1)
        rows = con.execute(
            "SELECT rule, severity, header, count(*) FROM harmonize.finding JOIN harmonize.rule USING (rule_id)"
            " LEFT JOIN harmonize.file_column USING (file_id, column_id) GROUP BY ALL"
        ).fetchall()
        return {row[:3]: row[3] for row in rows}, notes

    return run


AS_SHIPPED = {
    ("enum", "error", "sex"): 1,
    ("surrounding_blanks", "warning", "comment"): 1,
    ("surrounding_blanks", "warning", "name"): 1,
    ("null_like", "warning", "comment"): 1,
}


def test_without_settings_all_is_as_shipped(counts, read):
    assert counts(read("")) == (AS_SHIPPED, [])


def test_severities_and_switches_by_rule_and_column(counts, read):
    config = read("""
rules:
  enum: warning
  null_like: off
  surrounding_blanks:
    severity: error
    columns: {name: off, comment: warning}
""")
    assert counts(config) == (
        {("enum", "warning", "sex"): 1, ("surrounding_blanks", "warning", "comment"): 1},
        [],
    )


def test_one_column_may_differ(counts, read):
    found, _ = counts(read("rules: {surrounding_blanks: {columns: {comment: error}}}"))
    assert found == {
        **{key: n for key, n in AS_SHIPPED.items() if key != ("surrounding_blanks", "warning", "comment")},
        ("surrounding_blanks", "error", "comment"): 1,
    }


def test_a_column_that_no_file_has_is_told(counts, read):
    _, notes = counts(read("rules: {enum: {columns: {Sexx: off}}}"))
    assert notes == ["--config names the column 'Sexx', which no file has; 'sex' is near."]


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("rule: {}", "there is no 'rule'", "Did you mean 'rules'?"),
        ("rules: {enumm: off}", "rules: there is no 'enumm'", "Did you mean 'enum'?"),
        ("rules: {enum: warn}", "rules, enum: 'warn' is no severity", "Did you mean 'warning'?"),
        ("rules: {enum: {column: {}}}", "rules, enum: there is no 'column'", "Did you mean 'columns'?"),
        ("rules: {enum: {columns: {sex: maybe}}}", "columns, sex: 'maybe'", "Known: error, off, warning"),
        ("rules: [enum]", "must be names and values", None),
        ("- x", "must be names and values", None),
        ("rules: {enum: [}", ":1: this is not YAML", None),
        ("restricted_zip3: [36]", "three digits", "Quote them"),
    ],
)
def test_what_is_not_known_is_told_with_its_place_and_the_nearest_name(read, text, words, hint):
    with pytest.raises(InputError) as error:
        read(text)
    assert words in error.value.message
    assert hint is None or hint in error.value.hint


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path):
    with pytest.raises(InputError, match="cannot be read"):
        read_config(tmp_path / "none.yaml")


def test_off_is_read_with_and_without_quotes(read):
    assert read("rules: {enum: off, required: 'off'}").rules == {"enum": Setting("off"), "required": Setting("off")}


def test_a_rule_of_privacy_that_is_off_lets_the_other_rules_speak(tmp_path: Path):
    """Else a false alarm that a site switched off would hide what is wrong with the cell."""
    (tmp_path / "table.csv").write_text("zip,comment\n036,ok\n041,John Smith\n")
    settings = Config({"phi_name": Setting(columns={"comment": "off"})}, restricted_zip3=("041",))
    with validate([tmp_path / "table.csv"], source="ehr", site=Site(settings)) as result:
        lines = result.con.execute(
            "SELECT rule, line FROM harmonize.finding JOIN harmonize.rule USING (rule_id)"
        ).fetchall()
    assert lines == [("phi_zip3", 3)]
