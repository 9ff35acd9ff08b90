"""The parser: what words state, what is proposed, and that a code never contradicts the modality."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from harmonize.imaging.loinc_codes import LoincCode, codes
from harmonize.imaging.study_loinc import propose
from harmonize.imaging.study_parts import normal_modality, read_parts
from harmonize.imaging.study_rules import rules


@pytest.mark.parametrize(
    ("modality", "description", "name"),
    [
        ("CT", "Chest w/o contrast, follow-up clinic 7", "CT Chest WO contrast"),
        ("CT", "UPPER BODY THORAX WITH & WITHOUT", "CT Chest WO and W contrast IV"),
        ("CT", "Thorax + abdomen + pelvis, IV contrast given", "CT Chest and Abdomen and Pelvis W contrast IV"),
        ("CT", "site9 c/a/p wwo", "CT Chest and Abdomen and Pelvis WO and W contrast IV"),
        ("CT", "Body^site_protocol_PE_v2 (Adult)", "CTA Pulmonary arteries for pulmonary embolus W contrast IV"),
        ("CT", "Neck^carotid_cta_v4 (Adult)", "CTA Neck vessels W contrast IV"),
        ("DX", "bedside chest film 1v", "Portable XR Chest AP single view"),
        ("CR", "chest one view, not portable", "XR Chest Single view"),
        ("DX", "Thorax PA + LAT, standing", "XR Chest PA and Lateral"),
        ("CR", "wrist minimum of 3 views rt", "XR Wrist - right GE 3 Views"),
        ("MR", "brain w/wo", "MR Brain WO and W contrast IV"),
        ("CT", "brain w/wo", "CT Head WO and W contrast IV"),
        ("PT", "PET follow-up of sarcoma", "PET+CT Guidance for localization of tumor of Whole body-- W 18F-FDG IV"),
        ("MG", "mammo screening bilat", "MG Breast - bilateral Screening"),
        ("CT", "", "CT Unspecified body region"),
        ("CT", "<none>", "CT Unspecified body region"),
        ("", "portable chest 1 view", "Portable XR Chest AP single view"),
    ],
)
def test_proposes_the_code_whose_parts_agree(modality: str, description: str, name: str) -> None:
    proposal = propose(modality, description)
    assert proposal.code is not None
    assert proposal.code.long_common_name == name, proposal.reason


@pytest.mark.parametrize(
    ("spelling", "family"),
    [
        ("CR, DX", "XR"),
        ("cr", "XR"),
        ("['PT','NM']", "PT"),
        ("CT\\PT", "PT"),
        ("CTPT", ""),
        (" ct ", "CT"),
        ("OT", ""),
        (None, ""),
    ],
)
def test_normalises_modalities(spelling: str | None, family: str) -> None:
    assert normal_modality(spelling) == family


def test_a_reason_names_words_and_rules() -> None:
    reason = propose("CT", "lung embolism study").reason
    assert "(EMBOLISM)" in reason
    assert "pulmonary embolism is sought by contrast" in reason


def test_what_is_given_up_costs_confidence() -> None:
    sure, unsure = propose("CT", "chest w contrast"), propose("CT", "tavr")
    assert sure.confidence > 0.9
    assert unsure.confidence < 0.6
    assert unsure.code is not None
    assert unsure.code.system == "XXX"
    assert "no region is stated" in unsure.reason


def test_without_a_known_modality_there_is_no_code() -> None:
    proposal = propose("OT", "zzz")
    assert proposal.code is None
    assert proposal.confidence == 0
    assert "OT" in proposal.reason


def test_the_name_of_a_protocols_group_counts_only_without_a_region_of_its_own() -> None:
    assert read_parts("CT", "Thorax^ABD_WO").region == ["Abdomen"]
    grouped = read_parts("CT", "Thorax^SITE_WO")
    assert grouped.region == ["Chest"]
    assert grouped.grouped


def test_no_proposal_contradicts_its_modality() -> None:
    words = [
        "chest",
        "head and neck angio",
        "pe",
        "portable abdomen 1v",
        "echo duplex",
        "",
        "swallow",
        "breast screening",
    ]
    for modality, family in rules().modalities.items():
        for text in words:
            code = propose(modality, text).code
            assert code is None or code.method in rules().families[family].allowed


def test_every_part_that_a_rule_names_is_a_part_of_a_code() -> None:
    known = {region for code in codes().values() if code.key for region in code.key[1]}
    components = {code.key[3] for code in codes().values() if code.key}
    named = {rule["set"]["component"] for rule in rules().choices["implied"] if "component" in rule.get("set", {})}
    assert named <= components
    vessels = set(rules().choices["vessels"].values())
    assert vessels <= known


@pytest.mark.realdata
def test_agreement_with_midrcs_table(shared: Path) -> None:
    with (shared / "loinc" / "study_description_to_loinc_dev.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    proposals = [propose(row["Modality"], row["StudyDescription"]) for row in rows]
    agreeing = sum(
        proposal.code is not None and proposal.code.code == row["LOINC code"].strip()
        for row, proposal in zip(rows, proposals, strict=True)
    )
    assert agreeing / len(rows) >= 0.85


@pytest.mark.realdata
def test_shipped_codes_are_verbatim(shared: Path) -> None:
    with (shared / "loinc" / "loinc_radiology_codes.tsv").open(encoding="utf-8") as lines:
        loinc = {row["LOINC_NUM"]: row for row in csv.DictReader(lines, delimiter="\t")}
    for code in codes().values():
        row = loinc[code.code]
        assert (code.long_common_name, code.component, code.system, code.method) == (
            row["LONG_COMMON_NAME"], row["COMPONENT"], row["SYSTEM"], row["METHOD_TYP"],
        )  # fmt: skip
        assert row["STATUS"] == "ACTIVE"


@pytest.mark.parametrize(
    ("modality", "description", "why"),
    [
        ("MR", "XR chest AP", "the description names XR, the modality is MR"),
        ("US", "ct abdomen", "the description names CT, the modality is US"),
        ("CT", "CTA mics", "no region is read, and no rule knows MICS"),
        ("CT", "cta chest and ct abdomen", "two examinations"),
        ("CT", "IR pelvis", "an intervention"),
        ("DX", "upper GI with abdomen film", "another examination"),
        ("CT", "chest and knee and head", "no LOINC code has these parts"),
        ("CT", "PE chest abdomen pelvis", "no LOINC code has these parts"),
    ],
)
def test_no_code_where_it_would_be_false(modality: str, description: str, why: str) -> None:
    proposal = propose(modality, description)
    assert proposal.code is None
    assert proposal.confidence == 0
    assert why in proposal.reason


def test_words_that_name_no_region_leave_it_unspecified() -> None:
    for word in rules().fillers:
        proposal = propose("MR", f"scan {'c-arm' if word == 'ARM' else word.lower()}")
        assert proposal.code is not None, word
        assert proposal.code.system == "XXX", word
    assert propose("MR", "scan qwerty").code is None


@pytest.mark.parametrize(
    ("modality", "description", "name"),
    [
        ("CR, CT", "XR chest 1 view", "XR Chest Single view"),
        ("CR, CT", "chest", "CT Chest"),
        ("CR, CT", "CT chest WO", "CT Chest WO contrast"),
        ("PT, CT", "CT chest", "PET+CT Guidance for localization of tumor of Whole body-- W 18F-FDG IV"),
    ],
)
def test_of_several_modalities_the_words_name_one(modality: str, description: str, name: str) -> None:
    code = propose(modality, description).code
    assert code is not None
    assert code.long_common_name == name


@pytest.mark.parametrize(
    "description", ["PET/CT FDG skull base to mid thigh", "petct vertex to mid thigh", "PT/CT skull to thighs"]
)
def test_from_the_skull_to_the_thigh_is_the_whole_body_and_no_head(description: str) -> None:
    for modality, name in (("CT", "CT Whole body"), ("PT", "PET+CT Guidance for localization of tumor of ")):
        code = propose(modality, description).code
        assert code is not None
        assert code.long_common_name.startswith(name)
        assert "Head" not in code.system


@pytest.mark.realdata
def test_every_code_that_a_rule_can_name_is_shipped(shared: Path) -> None:
    """A code that is left out makes the parser take a vaguer one: regions, sides and numbers that the words state."""
    known = rules().choices
    regions = {region for rule in rules().parts if rule.part == "region" for region in rule.value.split(",")}
    components = {family.component for family in rules().families.values()}
    plain = {name.casefold() for names in known["challenges"].values() for name in names}
    shipped = codes().keys()
    with (shared / "loinc" / "loinc_radiology_codes.tsv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["STATUS"] == "ACTIVE"]
    missing = []
    for row in rows:
        code = LoincCode(row["LOINC_NUM"], "", row["COMPONENT"], row["SYSTEM"], row["METHOD_TYP"])
        if code.key is None or row["METHOD_TYP"] not in {"CT", "MR", "XR", "US", "CT.angio", "MR.angio"}:
            continue
        _, of_code, _, component, challenge = code.key
        if component in components and challenge in plain and of_code <= regions and code.code not in shipped:
            missing.append(row["LONG_COMMON_NAME"])
    assert missing == []
