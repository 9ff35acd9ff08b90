"""The pages of mappings: in step with the mappings, and with a store what became of cells, examples masked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harmonize.cli.main import main
from harmonize.engine.paths import root
from harmonize.review.mapping_page import _coverage, _rows, documentation, page, pages, value_sets, write_pages
from harmonize.review.usage import LEAST_ROWS

NY = "TCIA-COVID-19-NY-SBU"
DOCS = root("mappings").parent / "docs" / "mappings"


def test_pages_are_in_step():
    wanted = pages()
    assert {path.name for path in DOCS.glob("*.md")} == set(wanted)
    stale = [name for name, text in wanted.items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert stale == [], "python -m harmonize.review.mapping_page"


def test_a_page_that_is_gone_is_removed(tmp_path: Path):
    (tmp_path / "old-site.md").write_text("x", encoding="utf-8")
    write_pages(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(pages())


def test_value_sets_show_their_concepts():
    rows = {(row["column"], row["value"]): row for row in value_sets("gen3/batch")}
    positive = rows["covid19_positive", ""]
    assert (positive["code"], positive["concept_id"], positive["domain"]) == ("SNOMED:840539006", 37311061, "Condition")
    assert (positive["standard"], positive["valid"], positive["state"]) == (True, True, "unreviewed")
    nothing = rows["index_event", ""]
    assert (nothing["code"], nothing["concept_id"]) == ("", None)


def test_a_page_tells_the_whole_way():
    text = page("ehr/covid_19_ny_sbu")
    assert "condition_occurrence.condition_concept_id" in text
    assert "“Yes” becomes “present”" in text
    assert "always “NY_SBU:htn_v” (Hypertensive disorder)" in text
    assert "LOINC:LA18978-9" in text
    assert "\n## Excluded\n" in text


@pytest.mark.realdata
def test_cells_and_examples_of_a_store(shared, tmp_path, capsys):
    db = tmp_path / "s.duckdb"
    clinical = str(shared / "ehr_covid_19_ny_sbu" / "clinical.csv")
    load = ["load", clinical, "--source", "ehr", "--mapping", "covid_19_ny_sbu", "--project", NY, "--db", str(db)]
    assert main(load) == 0
    capsys.readouterr()
    assert main(["mapping", "show", "covid_19_ny_sbu", "--json", "--db", str(db)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["coverage"]["htn_v"]["records"] == 1384
    assert all(row["rows"] >= LEAST_ROWS for row in shown["examples"])
    values = {(row["part"], row["target"]): row["value"] for row in shown["examples"]}
    assert values["htn_v", "condition.coding"] == "NY_SBU:htn_v"
    numbers = [row["value"] for row in shown["examples"] if row["target"].endswith("value_number")]
    assert numbers
    assert all(set(value) <= set("9.-e+") for value in numbers), "the form, not the number"
    assert not any(row["target"].endswith("case_key") for row in shown["examples"]), "a key is no frequent value"
    rows = {row["column"]: row["rows"] for row in shown["value_sets"] if not row["value"]}
    assert rows["htn_v"] > 1000
    assert main(["mapping", "review", "show", "ehr/covid_19_ny_sbu", "NY_SBU:htn_v", "--db", str(db), "--json"]) == 0
    htn = json.loads(capsys.readouterr().out)
    assert (htn["rows"], sum(htn["rows_by_table"].values())) == (1109, 1109)
    assert main(["mapping", "show", "covid_19_ny_sbu", "--markdown", "--db", str(db)]) == 0
    text = capsys.readouterr().out
    assert "1,384: " in text
    assert "NY_SBU:htn_v (" in text


def test_every_end_of_a_cell_is_told():
    """The parts are those whose sum the ledger holds to the records; what there is none of is not named."""
    ends = {"loaded": 1, "context": 2000, "excluded": 3, "quarantined": 4, "empty": 5}
    told = "1 loaded, 2,000 context, 3 excluded, 4 quarantined, 5 empty"
    assert _coverage({"records": 2013, **ends}) == f"2,013: {told}"
    assert _coverage({"records": 1, **dict.fromkeys(ends, 0), "context": 1}) == "1: 1 context"


def test_documentation_without_a_store_has_no_counts():
    shown = documentation("ehr/site_419639")
    assert "coverage" not in shown
    assert "examples" not in shown
    assert all("rows" not in row for row in shown["value_sets"])


def test_what_all_rows_of_a_class_have_alike_is_said_once() -> None:
    def row(part: str, slot: str, words: str, line: int, omop: str = "", note: str = "") -> dict[str, Any]:
        return {"part": part, "target": f"case.{slot}", "words": words, "first_line": line, "omop": omop, "note": note,
                "how": "", "condition": f"if {part}" if part == "second" else ""}  # fmt: skip

    rows = [
        row("second", "same", "always x", 9), row("first", "same", "always x", 3, "person.x | death.x"),
        row("first", "other", "a", 3), row("second", "other", "b", 9), row("first", "lone", "c", 3, note="of one"),
        row("second", "_", "hidden", 9), row("first", "part_", "hidden", 3),
    ]  # fmt: skip
    text = "\n".join(_rows(rows, {}, {}))
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.strip()]
    assert lines[0] == ["slot", "OMOP", "note", "how"]
    assert {tuple(line) for line in lines[2:5]} == {
        ("same", "person.x, death.x", "", "always x"),
        ("other", "the hub only", "", "below"),
        ("lone", "", "of one", "below"),
    }
    assert lines[5] == ["row", "when", "its own"]
    assert lines[7:] == [["first", "always", "other: a; lone: c"], ["second", "if second", "other: b"]]
