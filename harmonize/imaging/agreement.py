"""What readers of images say together, and how far they agree: the views annotation_consensus and reader_agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import sql
from harmonize.engine.shown import Shown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, repr=False)
class Agreement(Shown):
    """`consensus`: studies by project, question, status, answer and unanimity; `kappa`: the rows of
    linked.reader_agreement."""

    consensus: list[dict[str, Any]]
    kappa: list[dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize imaging agreement --json` prints."""
        return {"consensus": self.consensus, "kappa": self.kappa}

    def summary_lines(self) -> list[str]:
        """The result in sentences; kappa of single answers is in the JSON and in the view alone."""
        if not self.consensus:
            return [
                "No study of a person has been read by several readers.",
                "Load readings with: harmonize load FILE --source ricord ...",
            ]
        lines = []
        for project, question in dict.fromkeys((row["project_id"], row["question"]) for row in self.consensus):
            rows = [row for row in self.consensus if (row["project_id"], row["question"]) == (project, question)]
            lines.append(f"{project}, {question}: {sum(row['studies'] for row in rows):,} studies.")
            for status in dict.fromkeys(row["status"] for row in rows):
                told = [row for row in rows if row["status"] == status]
                answers = ", ".join(f"{row['answer']} {row['studies']:,}" for row in told if row["answer"])
                lines.append(
                    f"  {status} {sum(row['studies'] for row in told):,}" + (f": {answers}" if answers else "")
                )
            for row in self.kappa:
                if (row["project_id"], row["question"], row["answer"]) == (project, question, None):
                    who = f"{row['reader_1']} and {row['reader_2']}" if row["method"] == "cohen" else "all groups"
                    kappa = "not defined" if row["kappa"] is None else f"{row['kappa']:.3f}"
                    lines.append(f"  kappa ({row['method'].title()}) of {who}: {kappa}, {row['studies']:,} studies")
        return lines


def agreement(con: DuckDBPyConnection, project: str | None = None) -> Agreement:
    """Consensus and agreement of the store's readings, of one project where it is named.

    Raises InputError for a project that has no readings.
    """
    known = [row[0] for row in con.execute("SELECT DISTINCT project_id FROM midrc.annotation ORDER BY 1").fetchall()]
    if project is not None and project not in known:
        raise InputError(f"The project {project!r} has no readings of images.", did_you_mean(project, known))
    found = []
    for name in ("consensus_counts", "agreement"):
        relation = con.execute(sql(f"imaging/{name}"), {"project": project})
        names = [column[0] for column in relation.description]
        found.append([dict(zip(names, row, strict=True)) for row in relation.fetchall()])
    return Agreement(*found)
