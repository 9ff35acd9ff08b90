"""Two invented hospitals that share patients: their files, loading them, and what a store holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harmonize.engine.store import Store
from harmonize.pipeline.acts.crosswalk import CrosswalkResult, load_crosswalk, remove_crosswalk
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult

MAPPING = Path(__file__).parent / "data" / "hospital"
RESULT = "result_id,patient_id,stay_id,code,day,value,unit,action\n"
FILES = {
    "A": {
        "patient": "patient_id,birth_year,age,sex,zip3\na1,1950,,F,021\na2,,61.5,M,\n",
        "stay": "stay_id,patient_id,kind,admitted,discharged,outcome\n"
        "s1,a1,inpatient,2021-03-01,2021-03-09,home\ns2,a2,clinic,2021-04-02,,home\n",
        "result": RESULT + "r1,a1,s1,2951-2,2021-03-02,140,mmol/L,\nr2,a2,s2,2951-2,2021-04-02,141,mmol/L,\n",
    },
    "B": {
        "patient": "patient_id,birth_year,age,sex,zip3\nb1,,71,F,\nb2,1980,,M,\n",
        "stay": "stay_id,patient_id,kind,admitted,discharged,outcome\n"
        "s1,b1,inpatient,2021-06-01,2021-06-03,died\n",
        "result": RESULT + "r1,b1,s1,2951-2,2021-06-02,150,mmol/L,\nr2,b2,,2951-2,2021-06-05,151,mmol/L,\n",
    },
}  # fmt: skip
HEADER = "project_id_1,case_key_1,project_id_2,case_key_2"


class Hospitals:
    """Loads the files of a hospital, or parts of them, into a project of a store."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder

    def load(self, hospital: str, project: str | None = None, **files: str) -> LoadResult:
        """All files of the hospital, or those given as texts."""
        paths = []
        for name, text in (files or FILES[hospital]).items():
            paths.append(self.folder / f"{name}.csv")
            paths[-1].write_text(text, encoding="utf-8")
        return load(self.store, paths, source="ehr", mapping=str(MAPPING), project=project or hospital)

    def crosswalk(self, *lines: str, header: str = HEADER, remove: bool = False) -> CrosswalkResult:
        path = self.folder / "crosswalk.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return (remove_crosswalk if remove else load_crosswalk)(self.store, path)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.store.con.execute(query).fetchall()

    def persons(self) -> list[list[str]]:
        """The cases of each person, in the order of their ids."""
        return [
            row[0]
            for row in self.rows(
                "SELECT list(case_key ORDER BY case_key) FROM harmonize.person_case "
                "GROUP BY person_id ORDER BY person_id"
            )
        ]

    def everything(self, *, ids: bool = True) -> dict[str, list[str]]:
        """Every row of omop, midrc, linked and of the bookkeeping of ids and persons; without `ids` only those of
        persons and concepts are kept."""
        chosen = (
            "*"
            if ids
            else "COLUMNS(lambda c: c = 'person_id' OR c LIKE '%concept_id' OR c NOT LIKE '%\\_id' ESCAPE '\\')"
        )
        tables = self.rows(
            "SELECT table_schema || '.\"' || table_name || '\"' FROM information_schema.tables "
            "WHERE table_schema IN ('omop', 'midrc', 'linked') OR table_schema = 'harmonize' AND table_name IN "
            "('row_id', 'row_id_retired', 'row_source', 'person_case', 'person_age', 'person_same_as', 'finding')"
        )
        skipped = ('omop."cdm_source"', 'omop."concept', 'omop."vocabulary', 'omop."relationship')
        return {
            name: sorted(map(repr, self.rows(f"SELECT {chosen} FROM {name}")))
            for (name,) in tables
            if not name.startswith(skipped)
        }
