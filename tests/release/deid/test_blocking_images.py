"""Images that block: what a header must say and what it must not, and what somebody decides of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dicom_files
import pytest

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.store import Store
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.release.deid.images import blocking_images, decide_image

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
ROWS = [
    # number, modality, body part, burned in, recognizable, removed → reasons
    (1, "CT", "CHEST", "NO", None, "YES", ()),
    (2, "US", "ABDOMEN", "YES", None, "YES", ("burned_in_annotation",)),
    (3, "US", "ABDOMEN", "NO\\YES", "NO", "YES", ("burned_in_annotation",)),
    (4, "MR", "BRAIN", "NO", "YES", "YES", ("recognizable_features",)),
    (5, "MR", "BRAIN", "NO", None, "YES", ("head_unstated",)),
    (6, "MR", "BRAIN", "NO", "NO", "YES", ()),
    (7, "DX", "SKULL", "NO", None, "YES", ()),
    (8, "CT", "CHEST", "NO", "NO", "NO", ("identity_not_removed",)),
    (9, "CT", "CHEST", "NO", "NO", None, ("identity_not_removed",)),
    (10, "CT", "HEADACHE", "NO", None, "yes", ()),
]


def _series(store: Store) -> None:
    with store.transaction() as con:
        for number, modality, part, burned, seen, removed, _ in ROWS:
            con.execute(
                "INSERT INTO midrc.imaging_series BY NAME SELECT 'P' AS project_id, ? AS record_id, uuid() AS row_key, "
                "0 AS mapping_id, 's' || record_id AS submitter_id, '1.2.' || record_id AS study_uid, "
                "'1.2.' || record_id || '.1' AS series_uid, ? AS modality, ? AS body_part_examined",
                [number, modality, part],
            )
            con.execute(
                "INSERT INTO harmonize.image_privacy VALUES ('P', '1.2.' || ? || '.1', ?, ?, ?)",
                [number, burned, seen, removed],
            )
        # of a series whose headers nobody has read nothing is known
        con.execute(
            "INSERT INTO midrc.imaging_series BY NAME SELECT * REPLACE ('9.9' AS series_uid) FROM midrc.imaging_series "
            "WHERE record_id = 4"
        )


def test_which_series_block_and_why(new_store: Store) -> None:
    _series(new_store)
    found = blocking_images(new_store.con)
    assert {one.series_uid: one.reasons for one in found} == {
        f"1.2.{number}.1": reasons for number, *_, reasons in ROWS if reasons
    }
    assert [one.is_head for one in found[:2]] == [True, True]
    assert [one.blocks for one in found] == [True] * 6
    assert blocking_images(new_store.con, "Q") == []


def test_a_decision_holds_for_its_reasons(new_store: Store) -> None:
    _series(new_store)
    decide_image(new_store, "1.2.4.1", "keep", who="A. Reader", why="defaced", now=NOW)
    told = {one.series_uid: one for one in blocking_images(new_store.con)}
    assert (told["1.2.4.1"].decision, told["1.2.4.1"].decided_by, told["1.2.4.1"].why) == (
        "keep",
        "A. Reader",
        "defaced",
    )
    assert told["1.2.5.1"].blocks
    # somebody else decides otherwise: the last one holds, both are kept
    decide_image(new_store, "1.2.4", "leave-out", who="B. Reader", why="the ears are there", now=NOW + timedelta(1))
    told = {one.series_uid: one for one in blocking_images(new_store.con)}
    assert (told["1.2.4.1"].decision, told["1.2.4.1"].decided_by) == ("leave-out", "B. Reader")
    assert new_store.con.execute("SELECT count(*) FROM harmonize.image_decision").fetchone() == (2,)
    # another reason asks again
    new_store.con.execute(
        "UPDATE harmonize.image_privacy SET burned_in_annotation = 'YES' WHERE series_uid = '1.2.4.1'"
    )
    assert next(one for one in blocking_images(new_store.con) if one.series_uid == "1.2.4.1").blocks


@pytest.mark.parametrize(("arguments", "said"), [
    (("1.2.4.1", "maybe", "A", "x"), "no decision"), (("1.2.4.1", "keep", " ", "x"), "somebody"),
    (("1.2.4.1", "keep", "A", None), "somebody"), (("1.2.1.1", "keep", "A", "x"), "No series that blocks"),
])  # fmt: skip
def test_what_is_no_decision_is_refused(
    new_store: Store, arguments: tuple[str, str, str, str | None], said: str
) -> None:
    _series(new_store)
    uid, decision, who, why = arguments
    with pytest.raises(InputError, match=said):
        decide_image(new_store, uid, decision, who=who, why=why, now=NOW)
    assert new_store.con.execute("SELECT count(*) FROM harmonize.image_decision").fetchone() == (0,)


def test_headers_of_a_delivery_are_asked(new_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = {"PatientIdentityRemoved": "YES", "DeidentificationMethod": "by hand"}
    dicom_files.write(tmp_path / "in" / "a.dcm", series=1, **said)
    dicom_files.write(
        tmp_path / "in" / "b.dcm", series=2, instance=2, StudyDescription="CT HEAD", BodyPartExamined="HEAD",
        RecognizableVisualFeatures="YES", **said,
    )  # fmt: skip
    set_project(new_store, "P", time="as_is")
    load(new_store, [tmp_path / "in"], source="dicom", project="P")
    (one,) = blocking_images(new_store.con)
    assert (one.series_uid, one.reasons, one.is_head) == (dicom_files.uid(1, 2), ("recognizable_features",), True)
    # delivered again and defaced, it blocks no more
    dicom_files.write(
        tmp_path / "in" / "b.dcm", series=2, instance=2, StudyDescription="CT HEAD", BodyPartExamined="HEAD",
        RecognizableVisualFeatures="NO", **said, PatientComments="",
    )  # fmt: skip
    path, uid = str(new_store.path), one.series_uid
    new_store.close()
    command = ["release", "images", "--db", path]
    assert main(command) == 1
    assert "a face can be recognised" in capsys.readouterr().out
    assert main([*command, "--decide", uid, "leave-out", "--who", "A. Reader"]) == 2
    assert main([*command, "--decide", uid, "leave-out", "--who", "A. Reader", "--why", "a face"]) == 0
    assert main([*command, "keep"]) == 2
    assert main(["load", str(tmp_path / "in"), "--source", "dicom", "--project", "P", "--db", path]) == 0
    capsys.readouterr()
    assert main([*command, "--json"]) == 0
    assert capsys.readouterr().out == "[]\n"
