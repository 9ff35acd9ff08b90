"""An invented hospital: its files, and how tests load them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harmonize.engine.store import Store
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult

HOSPITAL = Path(__file__).parent / "data" / "hospital"
PATIENTS = "patient_id,birth_year,age,sex,zip3\np1,1950,,F,021\np2,,61.5,M,\np3,,95,U,\n"
STAYS = (
    "stay_id,patient_id,kind,admitted,discharged,outcome\n"
    "s1,p1,inpatient,2021-03-01,2021-03-09,died\ns2,p2,clinic,2021-04-02,,home\n"
)
HEADER = "result_id,patient_id,stay_id,code,day,value,unit,action\n"
RESULTS = (
    HEADER + "r1,p1,s1,2951-2,2021-03-02,140,mmol/L,\nr2,p1,s1,2160-0,,1.1,mg/dL,\nr3,p2,s2,2951-2,2021-04-02,n/a,,\n"
)


class Hospital:
    """Writes files of the hospital into a folder and loads them."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder

    def load(self, project: str = "H", **options: Any) -> LoadResult:
        """`patient`, `stay` and `result` are texts of these files; the rest goes to `load`."""
        files = []
        for name in ("patient", "stay", "result"):
            if name in options:
                path = self.folder / f"{name}.csv"
                path.write_text(options.pop(name), encoding="utf-8")
                files.append(path)
        return load(self.store, files, source="ehr", mapping=str(HOSPITAL), project=project, **options)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.store.con.execute(query).fetchall()

    def states(self) -> dict[str, tuple[str, str | None]]:
        """Key of each record's latest version → state, reason."""
        found = self.rows("SELECT record_key, state, reason FROM harmonize.ledger ORDER BY submission_id, line")
        return {key: (state, reason) for key, state, reason in found}
