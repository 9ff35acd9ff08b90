"""Which shard a patient is in: one for good, by a hash of project and id, and the same for patients of whom one
resource tells."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

_STEPS = 20


def hashed(project: str, patient: str, shards: int) -> int:
    """The shard of a patient who is alone, from 1."""
    digest = hashlib.md5(f"{project}|{patient}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:15], 16) % shards + 1


def groups(pairs: Iterable[list[str]]) -> list[set[str]]:
    """The sets of patients that these lists join."""
    group_of: dict[str, set[str]] = {}
    for some in pairs:
        joined = set(some)
        for patient in some:
            joined |= group_of.get(patient, set())
        group_of.update(dict.fromkeys(joined, joined))
    return list({id(group): group for group in group_of.values()}.values())


def place_patients(con: DuckDBPyConnection, project: str, shards: int) -> None:
    """Fill cluster.place for the patients of the temp table cluster_subject (sql/cluster/fhir_subject.sql).

    Raises InputError where the delivery tells of patients together who are in different shards already.
    """
    for _ in range(_STEPS):
        row = con.execute(sql("cluster/fhir_subject_named")).fetchone()
        if not row or not row[0]:
            break
    known = dict(con.execute("SELECT patient, shard FROM cluster.place WHERE project_id = ?", [project]).fetchall())
    met = {name for (name,) in con.execute("SELECT DISTINCT patient FROM cluster_subject").fetchall()}
    chosen: dict[str, int] = {}
    for group in groups(pair for (pair,) in con.execute(sql("cluster/fhir_together")).fetchall()):
        there = sorted({known[patient] for patient in group if patient in known})
        if len(there) > 1:
            some = ", ".join(f"{patient} in shard {known[patient]}" for patient in sorted(group & known.keys())[:3])
            raise InputError(
                f"The delivery tells of patients together who were placed apart before: {some}.",
                "Load all deliveries into a new dataset, in which they are placed together.",
            )
        shard = there[0] if there else hashed(project, min(group), shards)
        chosen.update(dict.fromkeys(group, shard))
    new = sorted(met - known.keys() | chosen.keys() - known.keys())
    if new:
        places = [chosen.get(patient) or hashed(project, patient, shards) for patient in new]
        con.execute(
            "INSERT INTO cluster.place SELECT ?, unnest(?::VARCHAR[]), unnest(?::INTEGER[])", [project, new, places]
        )
