"""Planted errors: what is done to the clean batch, and the findings that this must give, all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clean_batch import Rows

Found = tuple[str, str, int | None, str | None]
"""rule, node, line, header."""


@dataclass(frozen=True)
class Planted:
    """An error of `rule`: `plant` changes the rows, `found` are its findings."""

    rule: str
    plant: Callable[[Rows], None]
    found: tuple[Found, ...]


def cell(rule: str, node: str, row: int, column: str, value: str, **also: str) -> Planted:
    """A bad cell in a row (counted from 0); `also` changes further cells that go with it."""

    def plant(rows: Rows) -> None:
        rows[node][row] |= {column: value, **{name.replace("__", "."): text for name, text in also.items()}}

    return Planted(rule, plant, ((rule, node, row + 2, column),))


def record(rule: str, node: str, change: Callable[[list[dict[str, str]]], None], *found: tuple[int, str]) -> Planted:
    """A change of a node's rows, and the lines and headers where it is found."""
    return Planted(rule, lambda rows: change(rows[node]), tuple((rule, node, line, header) for line, header in found))


def copied(row: int, **changed: str) -> Callable[[list[dict[str, str]]], None]:
    """Appends a copy of a row with some cells changed."""
    return lambda records: records.append(records[row] | changed)


# Errors that do not touch each other: they are planted in one batch, each in rows of its own case.
TOGETHER = (
    cell("required", "condition", 0, "cases.submitter_id", ""),
    cell("type_integer", "condition", 1, "days_to_condition_start", "about 3"),
    cell("type_number", "case", 2, "age_at_index", "sixty"),
    cell("type_boolean", "case", 3, "icu_indicator", "yes"),
    cell("enum", "case", 4, "sex", "female"),
    cell("minimum", "case", 5, "age_at_index", "-3", age_at_index_gt89="No"),
    cell("maximum", "case", 6, "age_at_index", "93"),
    cell("implausible", "condition", 7, "days_to_condition_start", "-400000"),
    cell("pattern", "ct_series", 8, "md5sum", "1234"),
    cell("null_like", "observation", 9, "observation_answer", "N/A"),
    cell("control_characters", "observation", 10, "observation_answer", "for\x02mer"),
    cell("surrounding_blanks", "observation", 11, "observation_answer", "Former "),
    cell("constant", "observation", 12, "type", "visit"),
    cell("date_for_offset", "observation", 13, "days_to_observation", "2021-03-04"),
    cell("year_number", "imaging_study", 14, "study_year", "21"),
    cell("damaged_text", "observation", 15, "observation_name", "ConsommÃ©"),
    cell("special_characters", "observation", 16, "observation_name", "Smoking – status"),
    cell("age_and_flag", "case", 17, "age_at_index_gt89", "Yes"),
    cell("end_before_start", "visit", 18, "days_to_hospital_discharge", "-1"),
    cell("outside_stay", "visit", 19, "days_to_icu_discharge", "60"),
    cell("dicom_modality", "ct_series", 20, "modality", "XRAY"),
    cell("series_modality", "ct_series", 21, "modality", "MR"),
    cell("uid_form", "dx_series", 22, "series_uid", "1.2.840.113E+12"),
    cell("code_system", "condition", 23, "condition_code_system", "ICDX"),
    cell("code_system_name", "condition", 18, "condition_code_system", "icd10", condition_code="I10",
         condition_name="Hypertension"),
    cell("code_form", "condition", 22, "condition_code", "38341004", condition_code_system="SNOMED CT"),
    cell("unknown_code", "condition", 21, "condition_code", "Z99.7", condition_code_system="ICD-10-CM"),
    cell("code_name", "condition", 20, "condition_code", "I10", condition_name="Type 2 diabetes",
         condition_code_system="ICD-10-CM"),
    cell("orphan", "observation", 17, "cases.submitter_id", "419639-999999", case_ids=""),
    cell("other_case", "procedure", 18, "conditions.submitter_id", "C2"),
    cell("same_as_key", "case", 19, "case_ids", "419639-000099"),
    cell("age_at_imaging", "imaging_study", 20, "age_at_imaging", "5"),
    record("unique_key", "observation", copied(20, observation_answer="Current"), (22, "submitter_id"),
           (26, "submitter_id")),
    record("repeated_record", "medication", copied(21), (26, "submitter_id")),
    record("same_content", "condition", copied(19, submitter_id="C99"), (26, "submitter_id")),
    record("same_file", "dx_series", lambda records: records[18].update(md5sum=records[17]["md5sum"]), (20, "md5sum")),
    record("shared_uid", "imaging_study", lambda records: records[16].update(study_uid=records[15]["study_uid"]),
           (17, "study_uid"), (18, "study_uid")),
    Planted(
        "no_rows",
        lambda rows: rows["case"].append(rows["case"][0] | {"submitter_id": "419639-000077",
                                                            "case_ids": "419639-000077", "index_event": ""}),
        (("no_rows", "case", 26, "submitter_id"),),
    ),
    Planted(
        "after_death",
        lambda rows: (rows["visit"][15].update(discharge_type="Deceased"),
                      rows["observation"][14].update({"cases.submitter_id": "419639-000016",
                                                      "case_ids": "419639-000016", "days_to_observation": "90"}))[0],
        (("after_death", "observation", 16, "days_to_observation"),),
    ),
    Planted(
        "index_event",
        lambda rows: rows["measurement"][13].update(test_days_from_index="4"),
        (("index_event", "case", 15, "index_event"),),
    ),
    cell("covid_status", "case", 12, "covid19_positive", "No"),
    cell("icu_flag", "case", 11, "icu_indicator", "False"),
)  # fmt: skip

# The same for the extract of the ward, whose events have calendar dates.
WARD_TOGETHER = (
    cell("type_date", "stay", 0, "discharged", "31.3.2020"),
    cell("offset_for_date", "stay", 1, "discharged", "43831"),
    cell("implausible_year", "patient", 2, "born", "1850-02-03"),
    cell("end_before_start", "stay", 3, "discharged", "2020-01-31"),
    cell("unknown_unit", "result", 4, "unit", "units per spoon"),
    cell("code_form", "result", 5, "code", "1742-7"),
    cell("code_name", "result", 6, "code", "1742-6", test="Creatinine"),
    cell("minimum", "result", 7, "value", "-4.5"),
    cell("implausible", "result", 8, "value", "4000.5"),
    cell("type_number", "result", 9, "value", "<5"),
    cell("orphan", "result", 10, "stay_id", "S99"),
    cell("other_case", "result", 11, "stay_id", "S24"),
    cell("enum", "patient", 12, "sex", "femal"),
    record("same_content", "stay", copied(14, stay_id="S88"), (26, "stay_id")),
    Planted(
        "after_death",
        lambda rows: (rows["stay"][15].update(outcome="died"), rows["result"][15].update(drawn="2021-12-24 08:30"))[0],
        (("after_death", "result", 17, "drawn"),),
    ),
)
