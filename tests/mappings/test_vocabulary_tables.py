"""The small tables of mappings/vocabulary: each row against what its own words, another table or a standard says."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from rows_by_hand import prepare
from value_words import disagreement, likeness, names_in, plain_name, rows_of, sets, starter_names, words

from harmonize.engine.paths import root, sql
from harmonize.schema.ddl import duckdb_ddl
from harmonize.schema.load import load_schema
from harmonize.vocabulary.sssom import NO_TERM

FOLDER = root("mappings") / "vocabulary"
# DICOM PS3.16, Annex L: the SNOMED code of each BodyPartExamined.
DICOM_PARTS = {
    "Abdomen": "818981001", "Abdomen and Pelvis": "818982008", "Bladder": "89837001", "Brain": "12738006",
    "Breast": "76752008", "Chest": "816094009", "Chest and Abdomen": "416550000",
    "Chest, Abdomen and Pelvis": "416775004", "Head": "69536005", "Head and Neck": "774007", "Heart": "80891009",
    "Kidney": "64033007", "Lung": "39607008", "Neck": "45048000", "Neck and Chest": "417437006",
    "Neck, Chest and Abdomen": "416152001", "Neck, Chest, Abdomen and Pelvis": "416319003", "Pelvis": "816092008",
    "Spine": "421060004",
}  # fmt: skip
# Object identifiers of code systems, as HL7's registry has them.
OIDS = {
    "2.16.840.1.113883.6.301.5": "UB04 Pt dis status",
    "2.16.840.1.113883.6.1": "LOINC", "2.16.840.1.113883.6.96": "SNOMED", "2.16.840.1.113883.6.88": "RxNorm",
    "2.16.840.1.113883.6.90": "ICD10CM", "2.16.840.1.113883.6.103": "ICD9CM", "2.16.840.1.113883.6.4": "ICD10PCS",
    "2.16.840.1.113883.6.12": "CPT4", "2.16.840.1.113883.6.69": "NDC", "2.16.840.1.113883.12.292": "CVX",
    "2.16.840.1.113883.6.104": "ICD9Proc", "2.16.840.1.113883.6.285": "HCPCS", "2.16.840.1.113883.6.238": "",
    "1.2.392.200119.4.504": "", "1.2.392.200119.4.1005": "", "1.2.392.200119.4.403.2": "", "1.2.392.100495.20.1.73": "",
}  # fmt: skip
# The vocabulary that is OMOP's standard for a thing first, then the others by how well they map to it.
PRIORITY = {
    "condition": "SNOMED ICD10CM ICD10 ICD9CM",
    "procedure": "SNOMED LOINC CPT4 HCPCS ICD10PCS ICD9Proc",
    "medication": "RxNorm|RxNorm Extension|CVX|SNOMED|NDC|ATC",
    "measurement": "LOINC SNOMED CPT4 HCPCS",
    "observation": "LOINC SNOMED ICD10CM CPT4 HCPCS",
    "device": "SNOMED HCPCS",
    "value": "SNOMED LOINC",
    "note": "LOINC SNOMED",
    "specimen": "SNOMED",
    "route": "SNOMED",
    "body_site": "SNOMED",
    "imaging": "LOINC SNOMED",
}


def table(name: str) -> list[dict[str, str]]:
    return rows_of(FOLDER / f"{name}.tsv")


# ---- modalities and parts of the body


def test_modalities_are_called_as_dicom_calls_them() -> None:
    dicom = {row["code"]: row["name"] for row in rows_of(root("sql") / "validation" / "lists" / "dicom_modality.tsv")}
    dicom |= {"OT": "Other", "RF": "Radiofluoroscopy", "SR": "Structured Report Document"}
    for row in table("modality"):
        assert row["name"] == dicom[row["modality"]].removesuffix(" (PET)"), row


def test_a_modalitys_concept_is_that_modality() -> None:
    names = {row["concept"]: words(starter_names()[row["concept"]]) for row in table("modality") if row["concept"]}
    for row in table("modality"):
        if row["concept"]:
            said = words(row["name"])
            assert max(names, key=lambda code: likeness(said, names[code])) == row["concept"], row
            assert likeness(said, names[row["concept"]]) > 0.5, row


def test_parts_of_the_body_have_the_codes_of_dicom() -> None:
    assert {(row["region"], row["concept"]) for row in table("body_part")} == {
        (region, f"SNOMED:{code}") for region, code in DICOM_PARTS.items()
    }


def test_body_part_examined_says_its_region() -> None:
    short = {"ABD": "ABDOMEN", "PELV": "PELVIS", "THORAX": "CHEST"}
    known = sorted({*short, *(word for region in DICOM_PARTS for word in re.findall(r"[A-Z]+", region.upper()))})
    pattern = re.compile("|".join(sorted(known, key=len, reverse=True)))
    for row in table("body_part"):
        if row["kind"] == "BodyPartExamined":
            said = [short.get(word, word) for word in pattern.findall(row["text"])]
            assert "".join(pattern.findall(row["text"])) == row["text"]
            assert said == [word for word in re.findall(r"[A-Z]+", row["region"].upper()) if word != "AND"], row


@pytest.mark.parametrize(
    ("description", "region"),
    [
        ("CT NECK CHEST ABD PEL W", "Neck, Chest, Abdomen and Pelvis"),
        ("CT CHEST ABDOMEN PELVIS", "Chest, Abdomen and Pelvis"),
        ("ABD PELVIS THORAX", "Chest, Abdomen and Pelvis"),
        ("ABDOMINAL AND PELVIC CT", "Abdomen and Pelvis"),
        ("THORAX AND AB", "Chest and Abdomen"),
        ("AB AND CHEST", "Chest and Abdomen"),
        ("NECK AND CHEST", "Neck and Chest"),
        ("HEAD AND NECK", "Head and Neck"),
        ("XR THORAX", "Chest"),
        ("ABD 1 VIEW", "Abdomen"),
        ("KUB", "Abdomen"),
        ("MRI MRCP", "Abdomen"),
        ("PEL AP", "Pelvis"),
        ("BRAIN MRI", "Brain"),
        ("HEAD WO", "Head"),
        ("NECK SOFT TISSUE", "Neck"),
        ("CARDIAC MR", "Heart"),
        ("CORONARY CTA", "Heart"),
        ("MAMMO SCREENING", "Breast"),
        ("LUNG SCREENING", "Chest"),
        ("PULMONARY EMBOLISM", "Chest"),
        ("SPINE SURVEY", "Spine"),
        ("BLADDER US", "Bladder"),
        ("KNEE 2 VIEWS", None),
    ],
)
def test_the_first_pattern_that_a_description_has_says_the_region(description: str, region: str | None) -> None:
    patterns = [row for row in table("body_part") if row["kind"] == "StudyDescription"]
    hits = [row["region"] for row in patterns if re.search(rf"\b{row['text']}\b", description)]
    assert (hits[0] if hits else None) == region


# ---- types, relations, code systems


def test_a_sources_type_is_the_concept_that_its_reason_names() -> None:
    names = starter_names()
    for row in table("source_types"):
        assert row["reason"].partition(":")[0] == names[row["type_concept"].replace(" ", "_")], row


def test_a_relation_is_the_relationship_that_the_crosswalk_names() -> None:
    ids = {row["relationship_id"]: row["relationship_concept_id"] for row in table("relationship")}
    told = {
        row["subject_id"].partition("#")[2]: row["object_id"]
        for name, row in sets()
        if name == "consortia/omop/values" and row["subject_id"].startswith("midrc:fact_link/relation#")
    }
    relations = {row["relation"]: f"OMOP:{ids[row['relationship_id']]}" for row in table("fact_relation")}
    assert relations | {"replaces": NO_TERM, "describes": NO_TERM} == told  # what is told of notes has no relationship
    # the two ends of a relation are each other's reverse
    reverse = {row["relationship_id"]: row["reverse_relationship_id"] for row in table("relationship")}
    assert {name: reverse[reverse[name]] for name in ids} == {name: name for name in ids}


def test_a_code_system_is_the_vocabulary_that_its_name_says() -> None:
    vocabularies: dict[str, set[str]] = {}
    for row in table("code_systems"):
        letters = re.sub(r"\W", "", row["system"] + row["name"]).casefold()
        if row["system"].startswith("urn:oid:"):
            assert OIDS[row["system"].removeprefix("urn:oid:")] == row["vocabulary_id"], row
        elif row["vocabulary_id"]:
            short = {"HCPCS": "hcpcs", "CPT4": "cpt", "UB04 Pt dis status": "patientdischargestatus"}
            asked = short.get(row["vocabulary_id"], re.sub(r"\W", "", row["vocabulary_id"]).casefold())
            assert asked in letters, row
        vocabularies.setdefault(row["name"], set()).add(row["vocabulary_id"])
    assert {name: found for name, found in vocabularies.items() if len(found) > 1} == {}
    # no vocabulary's name is the beginning of another's where the system says so: icd-10 is not icd-10-cm
    ends = {row["system"].rpartition("/")[2]: row["vocabulary_id"] for row in table("code_systems")}
    assert (ends["icd-10"], ends["icd-10-cm"], ends["icd-9-cm"], ends["icd-10-pcs"], ends["ICD10"]) == (
        "ICD10", "ICD10CM", "ICD9CM", "ICD10PCS", "ICD10PCS",
    )  # fmt: skip


# ---- which of several codes speaks


def order(node: str) -> list[str]:
    return PRIORITY[node].split("|") if "|" in PRIORITY[node] else PRIORITY[node].split()


def test_which_vocabulary_speaks_first() -> None:
    """For each node every pair of vocabularies, each said first once; and one that is known before one that is not."""
    with duckdb.connect() as con:
        con.execute(duckdb_ddl(load_schema("omop"), "omop"))
        prepare(con)
        asked = [
            (node, f"{first}+{second}", position, f"{vocabulary}:{known}", vocabulary, known == "known")
            for node in PRIORITY
            for first in [*order(node), "Other"]
            for second in [*order(node), "Other"]
            if first != second
            for position, (vocabulary, known) in enumerate([(first, "known"), (second, "known")], start=1)
        ]
        asked += [
            (node, f"unknown {order(node)[0]}", position, f"{vocabulary}:{known}", vocabulary, known == "known")
            for node in PRIORITY
            for position, (vocabulary, known) in enumerate([(order(node)[0], "unknown"), ("Other", "known")], start=1)
        ]
        con.execute(
            "CREATE TEMP TABLE asked (node VARCHAR, codings VARCHAR, position INTEGER, coding VARCHAR, "
            "vocabulary_id VARCHAR, known BOOLEAN)"
        )
        con.executemany("INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?)", asked)
        con.execute(
            "CREATE TEMP TABLE codings_used AS SELECT DISTINCT node, codings FROM asked;"
            "CREATE TEMP TABLE coding_candidate AS SELECT DISTINCT codings, position, coding, 'text' AS text, "
            "false AS user_selected FROM asked;"
            "CREATE TEMP TABLE coding_target AS SELECT DISTINCT coding, vocabulary_id, 1 AS target_rank, "
            "1 AS source_concept_id, CASE WHEN known THEN 5 ELSE 0 END AS target_concept_id FROM asked"
        )
        con.execute(sql("steps/codes/coding_choice"))
        chosen = {
            (node, codings): coding.partition(":")[0]
            for node, codings, coding in con.execute("SELECT node, codings, coding FROM coding_choice").fetchall()
        }
    wrong = []
    for node in PRIORITY:
        places = [*order(node), "Other"]
        for first in places:
            for second in places:
                if first != second:
                    expected = min(first, second, key=places.index)
                    if chosen[node, f"{first}+{second}"] != expected:
                        wrong.append(f"{node}: of {first} and {second} {chosen[node, f'{first}+{second}']} speaks")
        if chosen[node, f"unknown {order(node)[0]}"] != "Other":
            wrong.append(f"{node}: a code that nothing knows speaks before one that is known")
    assert wrong == []


def test_priorities_are_ranks_without_gaps() -> None:
    found: dict[str, list[int]] = {}
    for row in table("code_priority"):
        found.setdefault(row["node"], []).append(int(row["rank"]))
    assert {node: ranks for node, ranks in found.items() if ranks != list(range(1, len(ranks) + 1))} == {}
    assert set(found) == set(PRIORITY)


# ---- units

POWERS = {"K": 3, "k": 3, "thou": 3, "1000": 3, "M": 6, "mil": 6, "mill": 6, "billion": 9, "m": -3, "u": -6, "n": -9}
WORDS = {
    "hours": "h", "hrs": "h", "hr": "h", "mins": "min", "minutes": "min", "seconds": "s", "sec": "s", "days": "d",
    "day": "d", "weeks": "wk", "week": "wk", "months": "mo", "month": "mo", "years": "a", "year": "a", "yr": "a",
    "kgs": "kg", "cms": "cm", "inches": "[in_i]", "inch": "[in_i]", "in": "[in_i]", "feet": "[ft_i]", "ft": "[ft_i]",
    "lbs": "[lb_av]", "lb": "[lb_av]", "pounds": "[lb_av]", "oz": "[oz_av]", "liters": "L", "liter": "L",
    "beats": "", "breaths": "", "bpm": "/min", "pct": "%", "percent": "%", "°C": "Cel", "degC": "Cel", "deg C": "Cel",
    "C": "Cel", "°F": "[degF]", "degF": "[degF]", "deg F": "[degF]", "F": "[degF]", "mg%": "mg/dL",
}  # fmt: skip


def unit_form(unit: str) -> tuple[int, str]:
    """A unit as a power of ten and the rest in small letters, all the ways to write one thing made one."""
    unit = unit.replace("(173.10*-2.m2)", "1.73.m2")
    text = WORDS.get(unit, unit).replace("µ", "u").replace("mc", "u").replace("mm[Hg]", "mmhg")
    # fibrinogen equivalent units are said before or after the volume; D-dimer units are the mass itself
    text, fibrinogen = re.subn(r"[ {(]*FEU[ })]*", "", text)
    text = re.sub(r"[ {]DDU}?", "", text)
    numerator, slash, rest = text.partition("/")
    numerator = WORDS.get(numerator, numerator)
    numerator = re.sub(r"1|\{.*}", "", numerator) if slash else numerator.replace("{", "").replace("}", "")
    rest = "/".join(WORDS.get(part, part) for part in rest.split("/"))
    power = 0
    match = re.fullmatch(r"x?10[*^E](-?\d+)(?:\.(.*))?|x?10\((\d+)\)|(1000|K|k|M|thou|mill?)", partial(text))
    if match:
        power = int(match[1] or match[3] or POWERS.get(match[4], 0))
        numerator = match[2] or ""
    match = re.fullmatch(r"([kmu])\[?([iI]?[uU])\]?", numerator)
    if match:
        power, numerator = POWERS[match[1]], match[2]
    plain = re.sub(r"\b(?:units?|U)\b", "u", f"{numerator}{slash}{rest}", flags=re.IGNORECASE)
    plain = re.sub(r"[\[\]{}() _.]", "", plain.replace("1.73", "173")).casefold()
    for spelling, one in (("cmm", "mm3"), ("gm/", "g/"), ("mgs/", "mg/")):
        plain = plain.replace(spelling, one)
    return power, plain + "feu" * fibrinogen


def partial(unit: str) -> str:
    """What stands before the first stroke."""
    return unit.partition("/")[0]


def test_an_alias_is_another_spelling_of_its_unit() -> None:
    wrong, compared = [], 0
    for row in table("aliases"):
        if row["vocabulary_id"] != "UCUM":
            continue
        compared += 1
        if unit_form(row["alias"]) != unit_form(row["target_code"]):
            wrong.append(f"{row['alias']} → {row['target_code']}: {unit_form(row['alias'])}")
    assert wrong == []
    assert compared > 120


def test_an_operators_alias_is_its_name() -> None:
    names = starter_names()
    for row in table("aliases"):
        if row["vocabulary_id"] == "Meas Value Operator":
            assert names[f"SNOMED:{row['target_code']}"] == row["alias"]


@pytest.mark.realdata
def test_names_of_the_starter_are_athenas(shared: Path) -> None:
    """Also of the rows that Athena does not confirm: a code that it has must have the name that it has."""
    athena = names_in(shared / "athena" / "CONCEPT.csv")
    wrong = {
        code: (name, athena[code])
        for code, name in starter_names().items()
        if code in athena and plain_name(athena[code]) != plain_name(name)
    }
    assert wrong == {}


# ---- words of suggestions


def test_a_word_is_never_read_as_its_opposite() -> None:
    for name, one, other in (("abbreviations", "abbreviation", "expansion"), ("word_forms", "word", "form")):
        for row in table(name):
            assert disagreement(row[one], row[other]) is None, row


def test_a_form_is_a_form_of_no_other_word() -> None:
    """What a word is read as is not read as something else again, and every word is read as one thing."""
    forms = {row["word"]: row["form"] for row in table("word_forms")}
    assert len(forms) == len(table("word_forms"))
    assert {word: form for word, form in forms.items() if form in forms and forms[form] != form} == {}
