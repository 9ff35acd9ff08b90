"""The shipped questions on COVID-19-NY-SBU and RICORD, against counts in the files by plain Python."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parent.parent / "pipeline"))
from counted import ANCHOR, SOURCE_ANCHOR, Clinical, Row, series_of

from harmonize.engine.store import Store, open_store
from harmonize.export.ask_question import needs
from harmonize.export.questions import names, question
from harmonize.pipeline.acts.link import link
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.pipeline.store_schema import create

pytestmark = pytest.mark.realdata
NY, RICORD, OFFSET = "TCIA-COVID-19-NY-SBU", "TCIA-RICORD", 1
RELEASES = [f"midrc_ricord_1{release}" for release in "abc"]
Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def sent(shared: Path) -> Clinical:
    return Clinical(shared / "ehr_covid_19_ny_sbu" / "clinical.csv")


@pytest.fixture(scope="module")
def series(shared: Path) -> list[Row]:
    return series_of(shared / "imaging" / "idc_covid_series.parquet", "covid_19_ny_sbu")


@pytest.fixture(scope="module")
def store(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Both collections in one store."""
    index = [shared / "imaging" / "idc_covid_series.parquet"]
    clinical = shared / "ehr_covid_19_ny_sbu" / "clinical.csv"
    path = tmp_path_factory.mktemp("asked") / "real.duckdb"
    with open_store(path, create=True, initialise=create) as opened:
        load(opened, [clinical], source="ehr", mapping="covid_19_ny_sbu", project=NY)
        load(opened, index, source="idc", project=NY, collections=["covid_19_ny_sbu"])
        set_project(opened, NY, imaging_date_offset_days=OFFSET)
        link(opened)
        load(opened, index, source="idc", project=RICORD, collections=RELEASES)
        load(opened, [shared / "ricord_1c" / "annotations_mdai.json"], source="ricord", project=RICORD)
        yield opened


@pytest.fixture(scope="module")
def ask(store: Store) -> Ask:
    def answer(name: str, **given: object) -> list[tuple[Any, ...]]:
        asked = question(name)
        rows = store.con.execute(asked.sql, asked.bound(asked.values(given)) or None)
        assert [column[0] for column in rows.description or ()] == [column for column, _ in asked.columns]
        return rows.fetchall()

    return answer


@pytest.mark.parametrize("name", names())
def test_every_question_has_rows_or_says_what_is_lacking(store: Store, ask: Ask, name: str) -> None:
    asked = question(name)
    text, bound = needs(asked, asked.values({}))
    told = store.con.execute(text, bound or None).fetchall()
    assert ask(name) or told or name == "long-covid"


def test_a_project_without_tests_has_positives_by_diagnosis_and_flag_alone(ask: Ask, sent: Clinical) -> None:
    positive = sent.values("covid19_statuses")["positive"]
    found = {row[1]: row[2:5] for row in ask("covid-positives", project=NY)}
    assert found == dict.fromkeys(("diagnosis", "flag"), (positive, positive, 0))
    assert ask("ct-near-positive-test", project=NY) == []


def test_what_the_projects_hold(ask: Ask, sent: Clinical, series: list[Row]) -> None:
    found = {row[0]: row[1:] for row in ask("sites")}
    persons, imaged, visits, studies = found[NY][:4]
    assert (persons, visits) == (len(sent.rows), len(sent.rows))
    assert imaged == len({row["PatientID"] for row in series})
    assert studies == len({row["StudyInstanceUID"] for row in series})
    assert found[NY][-1] == sent.values("last.status")["deceased"]


def test_deaths_by_comorbidity(ask: Ask, sent: Clinical) -> None:
    found = {row[0]: row[1:3] for row in ask("deaths-by-comorbidity", project=NY)}
    for header, name in (("htn_v", "Hypertensive disorder"), ("copd_v", "Chronic obstructive lung disease")):
        own = [row for row in sent.rows if row[header] == "Yes"]
        assert found[name] == (len(own), sum(row["last.status"] == "deceased" for row in own))


@pytest.mark.parametrize("days", [0, 1, 14])
def test_intensive_care_after_the_first_film(ask: Ask, sent: Clinical, series: list[Row], days: int) -> None:
    """The file says who was in intensive care, not when: the day is the admission's, and counts where asked for."""
    assert ask("icu-after-first-film", project=NY, days=days) == []
    film: dict[str, date] = {}
    for row in series:
        if row["Modality"] in ("CR", "DX"):
            day = date.fromisoformat(str(row["StudyDate"])) + timedelta(days=OFFSET)
            film[row["PatientID"]] = min(day, film.get(row["PatientID"], date.max))
    expected = {}
    for row in sent.rows:
        key = row["to_patient_id"]
        if row["is_icu"] == "TRUE" and key in film:
            gap = (sent.visits[key][0] - film[key]).days
            if 0 <= gap <= days:
                expected[key] = gap
    found = {row[2]: row[4] for row in ask("icu-after-first-film", project=NY, days=days, imputed=True)}
    assert found == expected
    assert len(found) > 10


def test_studies_by_month(ask: Ask, series: list[Row]) -> None:
    """The months are those of the calendar on which the project is written."""
    shift = ANCHOR - SOURCE_ANCHOR
    days = {row["StudyInstanceUID"]: date.fromisoformat(str(row["StudyDate"])) + shift for row in series}
    expected = Counter(day.replace(day=1) for day in days.values())
    found: defaultdict[date, int] = defaultdict(int)
    for row in ask("imaging-over-time", project=NY):
        found[row[1]] += row[3]
    assert found == expected


def test_scanners(ask: Ask, shared: Path) -> None:
    """RICORD's computed tomography by manufacturer; all of its CT series hold pixels."""
    sent = series_of(shared / "imaging" / "idc_covid_series.parquet", *RELEASES)
    expected = Counter(row["Manufacturer"] for row in sent if row["Modality"] == "CT")
    found: Counter[str | None] = Counter()
    for row in ask("scanners", project=RICORD, modality="CT"):
        found[row[2]] += row[4]
    assert found == expected


def film_day(row: Row) -> date:
    """The day of a series among the clinical records."""
    return date.fromisoformat(str(row["StudyDate"])) + timedelta(days=OFFSET)


def studies_near(sent: Clinical, series: list[Row], persons: set[str], days: int) -> dict[str, int]:
    """Of these patients the studies that lie within so many days of admission, with the days from it."""
    found = {}
    for row in series:
        if row["PatientID"] in persons:
            gap = (film_day(row) - sent.visits[row["PatientID"]][0]).days
            if abs(gap) <= days:
                found[row["StudyInstanceUID"]] = gap
    return found


@pytest.mark.parametrize("days", [0, 3])
def test_ct_near_the_diagnosis(ask: Ask, sent: Clinical, series: list[Row], days: int) -> None:
    """The file has no day of the diagnosis: it is that of the admission, and counts where asked for."""
    positive = {row["to_patient_id"] for row in sent.rows if row["covid19_statuses"] == "positive"}
    higher = {row["StudyInstanceUID"] for row in series if row["Modality"] in ("PT", "NM", "MR")}
    ct = [row for row in series if row["Modality"] == "CT" and row["StudyInstanceUID"] not in higher]
    expected = studies_near(sent, ct, positive, days)
    found = {row[3]: row[6] for row in ask(
        "ct-near-positive-test", project=NY, basis="diagnosis", days=days, imputed=True
    )}  # fmt: skip
    assert found == expected
    assert len(found) > 5
    assert ask("ct-near-positive-test", project=NY, basis="diagnosis", days=days) == []


def test_c_reactive_protein_around_each_study(ask: Ask, sent: Clinical, series: list[Row]) -> None:
    header = "1988-5_C reactive protein [Mass/volume] in Serum or Plasma"
    values = {row["to_patient_id"]: float(row[header]) for row in sent.rows if row[header] != "NA"}
    near = studies_near(sent, series, set(values), 2)
    patient = {row["StudyInstanceUID"]: row["PatientID"] for row in series}
    found = {row[2]: (row[5], row[7]) for row in ask("labs-around-imaging", project=NY, lab="1988-5", imputed=True)}
    assert found == {uid: (pytest.approx(values[patient[uid]]), -gap) for uid, gap in near.items()}
    assert len(found) > 100


def test_images_long_after_the_diagnosis(ask: Ask, sent: Clinical, series: list[Row]) -> None:
    positive = {row["to_patient_id"] for row in sent.rows if row["covid19_statuses"] == "positive"}
    after = {uid: gap for uid, gap in studies_near(sent, series, positive, 10_000).items() if gap >= 20}
    asked = {"project": NY, "basis": "diagnosis", "days": 20, "imputed": True}
    assert {row[3]: row[7] for row in ask("post-covid-imaging", **asked)} == after
    assert len(after) > 5


def test_what_is_missing_and_how_the_sexes_are_spread(ask: Ask, sent: Clinical) -> None:
    missing = {row[1]: row[3] for row in ask("missingness", project=NY)}
    sexes = sent.values("gender_concept_name")
    known = {name.title(): count for name, count in sexes.items() if name.title() in ("Male", "Female")}
    assert missing["sex"] == len(sent.rows) - sum(known.values())
    assert (missing["covid_test"], missing["visit"]) == (len(sent.rows), 0)
    assert missing["death"] == len(sent.rows) - sent.values("last.status")["deceased"]
    spread = {row[1].title(): row[2] for row in ask("representativeness", project=NY) if row[0] == "sex"}
    assert spread == known


def test_the_course_of_a_patient_has_all_studies(ask: Ask, store: Store, series: list[Row]) -> None:
    person, key = store.con.execute(
        "SELECT person_id, case_key FROM linked.person_summary WHERE project_id = ? "
        "ORDER BY studies DESC, person_id LIMIT 1",
        [NY],
    ).fetchone() or (0, "")
    rows = ask("patient-trajectory", project=NY)
    assert {row[0] for row in rows} == {person}
    own = {row["StudyInstanceUID"] for row in series if row["PatientID"] == key}
    assert sum(row[2] == "imaging study" for row in rows) == len(own)
    assert [row[1] for row in rows if row[2] == "visit_occurrence"] == [0]
