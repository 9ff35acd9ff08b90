"""Columns of a source may be called as the engine calls its own: each is read as what stands in the file."""

from __future__ import annotations

from pathlib import Path

from harmonize.engine.store import Store
from harmonize.pipeline.load import load

NAMES = Path(__file__).parent / "data" / "names"
HEADER = "record_id,key,record_key,state,line,file_id,value,content,rowid,record_id_,stands_,lost_,when_0\n"
RESULTS = (
    "c1,k1,sodium,final,u1,2021-03-02,140,well,r1,i1,a,b,yes\n"
    "c1,k2,potassium,draft,u1,2021-03-03,4,well,r2,i2,c,d,no\n"
    "c2,k1,sodium,final,u9,2021-03-04,high,ill,r3,i3,e,f,yes\n"  # a bad cell, a unit that is not there
    "c2,k2,sodium,final,u1,2021-03-04,1,ill,r4,i4,e,f,no\n"
    "c2,k2,sodium,final,u1,2021-03-04,2,ill,r4,i4,e,f,no\n"  # one key, two contents
    "c3|x,y,sodium,final,u1,2021-03-05,7,ill,r5,i5,e,f,no\n"  # two keys, whose parts run together to one text
    "c3,x|y,sodium,final,u1,2021-03-05,8,ill,r5,i5,e,f,no\n"
)


def test_columns_are_called_as_the_engines_own(new_store: Store, tmp_path: Path) -> None:
    (tmp_path / "result.csv").write_text(HEADER + RESULTS, encoding="utf-8")
    (tmp_path / "unit.csv").write_text("line,record_id,record_key\nu1,mmol/L,molar\n", encoding="utf-8")
    result = load(new_store, [tmp_path], source="ehr", mapping=str(NAMES), project="N")
    assert (result.states["loaded"], result.states["quarantined"], result.states["context"]) == (5, 2, 1)
    con = new_store.con
    found = con.execute(
        "SELECT case_key, text, status, category, unit_text, start_date::VARCHAR, value_number, value_text "
        "FROM midrc.measurement ORDER BY ALL"
    ).fetchall()
    assert found == [
        ("c1", "potassium", "draft", "molar", "mmol/L", "2021-03-03", 4.0, "k2 well r2 i2"),
        ("c1", "sodium", "final", "molar", "mmol/L", "2021-03-02", 140.0, "k1 well r1 i1"),
        ("c2", "sodium", "final", None, None, "2021-03-04", None, "k1 ill r3 i3"),
        ("c3", "sodium", "final", "molar", "mmol/L", "2021-03-05", 8.0, "x|y ill r5 i5"),
        ("c3|x", "sodium", "final", "molar", "mmol/L", "2021-03-05", 7.0, "y ill r5 i5"),
    ]
    assert con.execute("SELECT case_key, text FROM midrc.observation ORDER BY ALL").fetchall() == [
        ("c1", "ab"), ("c2", "ef")]  # fmt: skip
    told = con.execute(
        "SELECT rule, line, value FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
        "WHERE severity = 'error' OR rule = 'unknown_lookup' ORDER BY ALL"
    ).fetchall()
    assert told == [
        ("type_number", 4, "high"),
        ("unique_key", 5, "c2|k2"),
        ("unique_key", 6, "c2|k2"),
        ("unknown_lookup", 4, "unit"),
    ]
    columns = con.execute(
        "SELECT column_name, records, empty, loaded, excluded, quarantined FROM harmonize.ledger_column "
        "WHERE file_id = 1 AND column_name IN ('record_id', 'value', 'stands_', 'when_0') ORDER BY 1"
    ).fetchall()
    assert columns == [
        ("record_id", 7, 0, 5, 0, 2),
        ("stands_", 7, 0, 2, 3, 2),  # read by the rows that are made only
        ("value", 7, 0, 4, 0, 3),
        ("when_0", 7, 0, 2, 3, 2),
    ]
