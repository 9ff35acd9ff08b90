"""Known findings are muted, new ones are not, and the file that knows them holds no value."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from harmonize.engine.errors import InputError
from harmonize.validation.site.apply import Site
from harmonize.validation.validate import validate

TABLE = "id,comment\n1,call 617-495-1000\n2,at 617-495-1000\n3,fine\n4,x\n5,MRN 00482913\n6\n"


@pytest.fixture
def run(tmp_path: Path):
    """Validates a text under a baseline and gives the report."""

    def validated(text: str, **site: Path) -> dict:
        (tmp_path / "table.csv").write_text(text)
        with validate([tmp_path / "table.csv"], source="ehr", site=Site(**site)) as result:
            out = io.BytesIO()
            result.write(out, format="json")
        return json.loads(out.getvalue())

    return validated


@pytest.fixture
def baseline(run, tmp_path: Path) -> Path:
    path = tmp_path / "baseline.tsv"
    assert run(TABLE, new_baseline=path)["summary"]["errors"] == 4
    return path


def test_what_is_known_is_muted_and_counted(run, baseline):
    found = run(TABLE, baseline=baseline)
    assert found["findings"] == []
    assert found["summary"]["errors"] == 0
    assert found["muted"] == {"errors": 4, "warnings": 0}


def test_lines_may_move(run, baseline):
    lines = TABLE.splitlines(keepends=True)
    assert run("".join([lines[0], "9,new\n", *reversed(lines[1:])]), baseline=baseline)["findings"] == []


def test_what_is_new_is_told(run, baseline):
    found = run(TABLE + "7,j.smith@example.org\n8,pager 617-495-1000\n", baseline=baseline)
    assert [(finding["rule"], finding["line"]) for finding in found["findings"]] == [("phi_email", 8), ("phi_phone", 9)]


def test_what_is_gone_is_told_to_people(run, baseline, tmp_path):
    (tmp_path / "table.csv").write_text("id,comment\n1,call 617-495-1000\n")
    with validate([tmp_path / "table.csv"], source="ehr", site=Site(baseline=baseline)) as result:
        (*_, told) = result.told
    assert told == ("Known by the baseline and left out: errors 1, warnings 0; not found again: 3 (write it anew).")


def test_a_baseline_may_be_read_and_written_at_once(run, baseline, tmp_path):
    run(TABLE + "7,j.smith@example.org\n", baseline=baseline, new_baseline=baseline)
    assert run(TABLE + "7,j.smith@example.org\n", baseline=baseline)["findings"] == []


def test_the_file_holds_no_value(baseline):
    text = baseline.read_text()
    assert "617" not in text
    assert "0048" not in text
    assert len(text.splitlines()) == 4, "two findings with the same rule, column and asterisks are one line"


@pytest.mark.parametrize("text", ["", "a,b\n", "key\tcount\trule\tcontent\tcolumn\nx\ty\tz\t\t\n"])
def test_another_file_is_refused_before_anything_is_read(run, tmp_path, text):
    path = tmp_path / "other.tsv"
    path.write_text(text)
    with pytest.raises(InputError, match="baseline"):
        run(TABLE, baseline=path)
