"""What stands for a key in published files is of its project and kind, and of nothing else."""

from __future__ import annotations

from itertools import combinations

import duckdb

from harmonize.engine.paths import sql

KEYS = [
    (kind, project, key)
    for kind in ("case", "visit")
    for project in ("P", "Q", "")
    for key in ("1", "2", "P", "1P", "P1")
]


def test_one_key_of_another_project_or_kind_is_another_one() -> None:
    with duckdb.connect() as con:
        con.execute(sql("export/publish/macros"))
        for number, blocks in enumerate(("ab", "cd")):
            con.execute(f"SET VARIABLE publish_inner = '{blocks}'::BLOB; SET VARIABLE publish_outer = 'x'::BLOB")
            con.execute(
                f"CREATE TABLE made_{number} AS SELECT pseudonym_of(kind, project, key) AS name, uid_of(key) AS uid "
                "FROM (SELECT unnest($1) AS kind, unnest($2) AS project, unnest($3) AS key)",
                [list(column) for column in zip(*KEYS, strict=True)],
            )
        made = [[name for (name,) in con.execute(f"SELECT name FROM made_{n}").fetchall()] for n in (0, 1)]
        assert [len(set(names)) for names in made] == [len(KEYS)] * 2
        assert not set(made[0]) & set(made[1]), "another key of the file makes other names"
        assert [name.partition("-")[0] for name in made[0]] == [kind for kind, *_ in KEYS]
        # a UID is one all over the world, whatever project sends it
        uids = [uid for (uid,) in con.execute("SELECT uid FROM made_0").fetchall()]
        for (one, first), (other, second) in combinations(zip(KEYS, uids, strict=True), 2):
            assert (first == second) is (one[2] == other[2])
        ((nobody, empty),) = con.execute(
            "SELECT pseudonym_of('case', NULL, '1'), pseudonym_of('case', '', '1')"
        ).fetchall()
        assert nobody == empty
