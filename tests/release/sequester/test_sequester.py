"""Sequestration: drawn within strata, kept for good, the same whatever the order of loading, alike on both sides."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.store import Store
from harmonize.release.sequester.assign import LEAST, assign
from harmonize.release.sequester.lock import lock, locks
from harmonize.release.sequester.show import page, show

FIRST = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 12, tzinfo=UTC)


def _add(store: Store, project: str, start: int, stop: int, *, backwards: bool = False) -> None:
    """Cases of two sites, CT or DX, three ages, both sexes; the last twentieth of a site nobody else has."""
    order = "DESC" if backwards else "ASC"
    with store.transaction() as con:
        con.execute(
            f"""
            INSERT INTO midrc."case" BY NAME
            SELECT 'case' AS type, format('C-{{:05d}}', n) AS submitter_id, format('C-{{:05d}}', n) AS case_key,
                   $project AS project_id, n AS record_id, uuid() AS row_key, 0 AS mapping_id,
                   CASE WHEN n % 20 = 0 THEN 'rare-' || (n // 20 % 2) ELSE 'site-' || (n % 2) END AS site_id,
                   [30, 55, 90][n % 3 + 1] AS age_at_index, ['Male', 'Female'][n // 3 % 2 + 1] AS sex,
                   ['Yes', NULL][n // 7 % 2 + 1] AS covid19_positive
            FROM range($start, $stop) t (n) ORDER BY n {order};
            """,
            {"project": project, "start": start, "stop": stop},
        )
        con.execute(
            "INSERT INTO midrc.imaging_study BY NAME SELECT 'imaging_study' AS type, 'S' || case_key AS submitter_id, "
            "project_id, case_key, case_key AS cases, record_id, uuid() AS row_key, 0 AS mapping_id, "
            "CASE WHEN record_id % 4 = 1 THEN ['CT', 'MR'] ELSE ['DX', 'SR'] END AS study_modality "
            'FROM midrc."case" WHERE project_id = ? AND record_id >= ? AND record_id < ?',
            [project, start, stop],
        )
        con.execute(
            "INSERT INTO harmonize.person_case SELECT project_id, case_key, record_id + 100000 * ascii(project_id), "
            "'clinical', project_id, case_key "
            'FROM midrc."case" WHERE project_id = ? AND record_id >= ? AND record_id < ?',
            [project, start, stop],
        )


def _sides(store: Store) -> dict[tuple[str, str], str]:
    rows = store.con.execute("SELECT project_id, case_key, side FROM harmonize.sequestration").fetchall()
    return {(project, case): side for project, case, side in rows}


def test_new_patients_are_split_and_earlier_ones_stay(new_store: Store) -> None:
    _add(new_store, "P", 0, 400)
    first = assign(new_store, "P", now=FIRST)
    assert first.open + first.sequestered == 400
    before = _sides(new_store)
    again = assign(new_store, "P", now=LATER)
    assert (again.open, again.sequestered, again.kept) == (0, 0, 400)
    assert "No new case" in repr(again)
    _add(new_store, "P", 400, 900)
    assign(new_store, "P", now=LATER)
    after = _sides(new_store)
    assert len(after) == 900
    assert {key: after[key] for key in before} == before
    for moment in (FIRST, LATER):
        strata = new_store.con.execute(
            "SELECT stratum, basis, count(*), count(*) FILTER (side = 'open') FROM harmonize.sequestration "
            "WHERE assigned_at = ? GROUP BY ALL",
            [moment.replace(tzinfo=None)],
        ).fetchall()
        large = [(members, open_) for _, basis, members, open_ in strata if basis == "drawn"]
        assert len(large) > 10
        assert min(members for members, _ in large) >= LEAST
        # within one patient of 80 : 20
        assert max(abs(open_ - members * 0.8) for members, open_ in large) <= 1
        assert {members < LEAST for _, basis, members, _ in strata if basis == "small"} == {True}


def test_the_order_of_loading_means_nothing_and_the_seed_something(new_store: Store) -> None:
    _add(new_store, "P", 0, 300)
    _add(new_store, "Q", 0, 300, backwards=True)
    assign(new_store, "P", now=FIRST)
    one = _sides(new_store)
    with new_store.transaction() as con:
        con.execute("DELETE FROM harmonize.sequestration")
        con.execute('CREATE TEMP TABLE turned AS FROM midrc."case" ORDER BY case_key DESC')
        con.execute('DELETE FROM midrc."case"; INSERT INTO midrc."case" FROM turned; DROP TABLE turned')
    assign(new_store, "P", now=LATER)
    assert _sides(new_store) == one
    with new_store.transaction() as con:
        con.execute("DELETE FROM harmonize.sequestration")
    assign(new_store, "P", seed=2, now=LATER)
    assert _sides(new_store) != one
    assign(new_store, "Q", now=LATER)
    # the same keys in another project are drawn anew
    sides = _sides(new_store)
    assert [sides["P", case] for _, case in one] != [sides["Q", case] for _, case in one]


def test_both_sides_are_alike_over_seeds(new_store: Store) -> None:
    _add(new_store, "P", 0, 1000)
    shares = []
    for seed in range(1, 9):
        with new_store.transaction() as con:
            con.execute("DELETE FROM harmonize.sequestration")
        result = assign(new_store, "P", seed=seed, now=FIRST)
        shares.append(result.sequestered / 1000)
        told: dict[str, tuple[int, int]] = {}
        for one in show(new_store, "P").balance:
            if one.open + one.sequestered >= 100:
                told[f"{one.variable}={one.value}"] = (one.open, one.sequestered)
        assert {"modality=CT", "modality=DX", "age_group=85+", "sex=Male", "covid19_positive=Yes"} <= told.keys()
        for name, (open_, sequestered) in told.items():
            assert 0.15 < sequestered / (open_ + sequestered) < 0.25, (seed, name)
    assert 0.18 < sum(shares) / len(shares) < 0.22


def test_a_persons_cases_have_one_side_over_projects(new_store: Store) -> None:
    _add(new_store, "P", 0, 100)
    assign(new_store, "P", now=FIRST)
    _add(new_store, "Q", 0, 100)
    with new_store.transaction() as con:  # of Q the first half are persons of P, a quarter the same under another id
        con.execute(
            "UPDATE harmonize.person_case SET person_id = person_id - 100000 "
            "WHERE project_id = 'Q' AND case_key < 'C-00050'"
        )
        con.execute(
            "INSERT INTO harmonize.person_same_as SELECT person_id - 100000, person_id, 'crosswalk' "
            "FROM harmonize.person_case WHERE project_id = 'Q' AND case_key >= 'C-00075'"
        )
    result = assign(new_store, "Q", now=LATER)
    assert result.followed == 75
    sides = _sides(new_store)
    same = [case for project, case in sides if project == "Q" and not "C-00050" <= case < "C-00075"]
    assert [sides["P", case] for case in same] == [sides["Q", case] for case in same]
    assert show(new_store).ok


def test_a_merge_across_sides_is_a_finding_and_open_stays_open(
    new_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _add(new_store, "P", 0, 100)
    assign(new_store, "P", now=FIRST)
    _add(new_store, "Q", 0, 100)
    assign(new_store, "Q", now=FIRST)
    before = _sides(new_store)
    case = next(case for (project, case), side in before.items() if project == "P" and side != before["Q", case])
    with new_store.transaction() as con:
        con.execute("UPDATE harmonize.person_case SET person_id = 7 WHERE case_key = ?; ", [case])
        con.execute("INSERT INTO harmonize.person_case VALUES ('P', 'NEW-1', 7, 'clinical', 'P', 'NEW-1')")
    assign(new_store, "P", now=LATER)
    assert _sides(new_store) == before | {("P", "NEW-1"): "open"}
    found = show(new_store)
    assert not found.ok
    assert {(one.project_id, one.case_key) for one in found.across} == {("P", case), ("Q", case), ("P", "NEW-1")}
    assert f"{case} of P" in repr(found)
    assert [one.case_key for one in show(new_store, "Q").across] == [one.case_key for one in found.across]
    told = page(found)
    assert "1 person with cases on both sides" in told
    assert case not in told
    new_store.checkpoints = True
    new_store.con.execute("CHECKPOINT")
    assert [one["project_id"] for one in json.loads(json.dumps(found.to_json(), default=str))["projects"]] == ["P", "Q"]


def test_a_lock_notices_a_change(new_store: Store) -> None:
    _add(new_store, "P", 0, 40)
    with pytest.raises(InputError, match="No case of P"):
        lock(new_store, "P", who="A. Warden", now=FIRST)
    assign(new_store, "P", now=FIRST)
    with pytest.raises(InputError, match="somebody"):
        lock(new_store, "P", who=" ", now=FIRST)
    assert lock(new_store, "P", who="A. Warden", now=FIRST).cases == 40
    _add(new_store, "P", 40, 60)
    assign(new_store, "P", now=LATER)  # what is added breaks no lock
    assert [one.is_sound for one in locks(new_store.con)] == [True]
    with new_store.transaction() as con:
        con.execute(
            "UPDATE harmonize.sequestration SET side = if(side = 'open', 'sequestered', 'open') "
            "WHERE case_key = 'C-00007'"
        )
    assert not show(new_store).ok
    assert "CHANGED SINCE" in repr(show(new_store))
    with pytest.raises(InputError, match="are not those that"):
        assign(new_store, "P", now=LATER)


@pytest.mark.parametrize(("arguments", "said"), [
    ({"by": ["sight"]}, "no stratum sight"), ({"fraction": 1.0}, "not between 0 and 1"),
])  # fmt: skip
def test_what_cannot_be_assigned_is_refused(new_store: Store, arguments: dict, said: str) -> None:
    _add(new_store, "P", 0, 3)
    with pytest.raises(InputError, match=said):
        assign(new_store, "P", now=FIRST, **arguments)
    with pytest.raises(InputError, match="no case of a project X"):
        assign(new_store, "X", now=FIRST)


def test_the_commands(new_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _add(new_store, "P", 0, 60)
    db = ("--db", str(new_store.path))
    new_store.close()
    assert main(["sequester", "assign", "--project", "P", "--by", "sex", "--json", *db]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["open"], told["sequestered"], told["strata"]) == (48, 12, 2)
    assert main(["sequester", "lock", "--project", "P", "--who", "A. Warden", *db]) == 0
    assert main(["sequester", "show", *db]) == 0
    assert "P: 48 cases open, 12 sequestered, 0 without a side." in capsys.readouterr().out
    assert main(["sequester", "show", "--format", "html", "-o", str(tmp_path / "page.html"), *db]) == 0
    assert "Sequestered now" in (tmp_path / "page.html").read_text()
    assert main(["sequester", "show", "--project", "X", *db]) == 2
