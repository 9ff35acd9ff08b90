"""What few imaging deliveries have, and what is told of it: names that are no text, sealed zips, other counts."""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

from dicom_files import uid, write

from harmonize.engine.store import Store
from harmonize.pipeline.foresee import foresee
from harmonize.pipeline.load import load
from harmonize.validation.validate import validate


def told(store: Store, images: Path) -> Counter[tuple[str, str | None]]:
    """(rule, value) of the findings of a load."""
    load(store, [images], source="dicom", project="H")
    query = "SELECT rule, value FROM harmonize.finding JOIN harmonize.rule USING (rule_id)"
    return Counter(store.con.execute(query).fetchall())


def test_a_header_that_says_that_nothing_was_removed(new_store: Store, tmp_path: Path) -> None:
    write(tmp_path / "in" / "1.dcm", PatientIdentityRemoved="NO")
    write(tmp_path / "in" / "2.dcm", series=2, PatientIdentityRemoved="YES")
    assert told(new_store, tmp_path / "in")["identity_not_removed", "NO"] == 1


def test_headers_are_kept_without_what_tells_who_somebody_is(new_store: Store, tmp_path: Path) -> None:
    """And every load of the same files tells the same of them, though they are not read again."""
    texts = {
        "StudyDescription": "CT SSN 219-09-9999",
        "SeriesDescription": "seen 2020-03-04",
        "PatientID": "SMITH^JOHN",
    }
    write(tmp_path / "in" / "1.dcm", **texts)
    write(tmp_path / "in" / "2.dcm", study=2)
    first = told(new_store, tmp_path / "in")
    assert {rule for rule, _ in first} >= {"phi_ssn", "phi_date", "phi_name"}
    assert told(new_store, tmp_path / "in") == Counter({key: 2 * count for key, count in first.items()})
    kept = str(new_store.con.execute("SELECT header FROM harmonize.dicom_header").fetchall())
    assert "seen [date]" in kept
    assert not [text for text in ("219-09", "2020-03-04", "SMITH") if text in kept]
    descriptions = new_store.con.execute(
        "SELECT DISTINCT series_description FROM midrc.imaging_series ORDER BY 1"
    ).fetchall()
    assert descriptions == [(None,)]


def test_a_name_that_is_no_text(new_store: Store, tmp_path: Path) -> None:
    write(tmp_path / "in" / "1.dcm")
    plain = write(tmp_path / "in" / "2.dcm", series=2)
    os.rename(plain, os.fsencode(plain.parent) + b"/gr\xfc\xdfe.dcm")
    assert [rule for rule, _ in told(new_store, tmp_path / "in")].count("bad_name") == 1
    states = new_store.con.execute("SELECT state, reason FROM harmonize.ledger ORDER BY ALL").fetchall()
    assert states == [("loaded", None), ("quarantined", "bad_name")]


def test_a_sealed_zip(new_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "in" / "sealed.zip"
    image = write(tmp_path / "1.dcm")
    file.parent.mkdir()
    with zipfile.ZipFile(file, "w") as out:
        out.write(image, "1.dcm")
    text = bytearray(file.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag of encryption, in both of its places
        text[text.index(mark) + at] |= 1
    file.write_bytes(bytes(text))
    assert [rule for rule, _ in told(new_store, file.parent)] == ["encrypted_archive"]


def test_a_size_is_compared_with_the_file_that_is_meant(new_store: Store, tmp_path: Path) -> None:
    """Of two files of one name nobody knows which one the manifest means."""
    for number in (1, 2):
        write(tmp_path / "in" / str(number) / "1.dcm", study=number, series=number)
    write(tmp_path / "in" / "3" / "3.dcm", study=3, series=3)
    lines = [f"p\tp_{uid(n, n)}\t{'a' * 32}\t17\ts3://bucket/{n}/{'3' if n == 3 else '1'}.dcm\n" for n in (1, 2, 3)]
    (tmp_path / "in" / "image_ACR_20211115.tsv").write_text(
        "submitter_id\tseries.submitter_id\tmd5sum\tfile_size\tstorage_urls\n" + "".join(lines), encoding="utf-8"
    )
    counts = {rule: count for (rule, _), count in told(new_store, tmp_path / "in").items()}
    assert counts["manifest_size"] == 1


def test_a_manifest_with_another_number_of_files(new_store: Store, tmp_path: Path) -> None:
    images = tmp_path / "in"
    for number in (1, 2, 3):
        write(images / f"{number}.dcm", instance=number)
    lines = [f"p1_1\tp1_{uid(1, 1)}\t{'a' * 32}\t17\ts3://bucket/{uid(1, 1)}/{number}.dcm\n" for number in (1, 2)]
    (images / "image_ACR_20211115.tsv").write_text(
        "submitter_id\tseries.submitter_id\tmd5sum\tfile_size\tstorage_urls\n" + "".join(lines), encoding="utf-8"
    )
    assert told(new_store, images)["manifest_file_count", "2 lines for 3 files"] == 1
    # the address of one file is not that of the series
    assert new_store.con.execute("SELECT uri FROM midrc.imaging_series").fetchall() == [(None,)]


def test_a_modality_and_a_uid_that_dicom_does_not_have(new_store: Store, tmp_path: Path) -> None:
    write(tmp_path / "in" / "1.dcm", Modality="ct")
    write(tmp_path / "in" / "2.dcm", series=2, StudyInstanceUID="1.2.826.0.1.3680043.10.474.01")
    found = told(new_store, tmp_path / "in")
    assert found["header_oddity", "the Modality ct, which is none of DICOM's"] == 1
    assert found["header_oddity", "a StudyInstanceUID that is no UID: 1.2.826.0.1.3680043.10.474.01"] == 1
    assert new_store.con.execute("SELECT DISTINCT state FROM harmonize.ledger").fetchall() == [("loaded",)]


def test_a_patient_id_that_is_a_name_is_not_taken_over(new_store: Store, tmp_path: Path) -> None:
    write(tmp_path / "in" / "1.dcm", PatientID="Doe^Jane")
    write(tmp_path / "in" / "2.dcm", patient="p2", study=2, series=2)
    assert told(new_store, tmp_path / "in")["header_identity", "***"] == 1
    states = new_store.con.execute("SELECT state, reason FROM harmonize.ledger ORDER BY ALL").fetchall()
    assert states == [("loaded", None), ("quarantined", "header_identity")]


def test_what_validate_says_of_headers_is_what_their_load_does(new_store: Store, tmp_path: Path) -> None:
    """A decimal comma and a placeholder date: told before, and no reason to refuse the rest."""
    write(tmp_path / "in" / "1.dcm", SliceThickness=None)
    write(tmp_path / "in" / "2.dcm", study=2, series=2, StudyDate="19000101")
    comma = write(tmp_path / "in" / "3.dcm", series=3, SliceThickness="1.25")
    comma.write_bytes(comma.read_bytes().replace(b"1.25", b"1,25"))
    with validate([tmp_path / "in"], source="dicom", foresee=foresee) as result:
        summary = result.write(BytesIO(), format="json")
    found = told(new_store, tmp_path / "in")
    assert Counter(rule for rule, _ in found.elements()) == summary.rules
    assert summary.rules["mapping_error"] == 1
    assert summary.rules["implausible_year"] == 1
    assert summary.refused == []
    assert new_store.con.execute("SELECT DISTINCT state FROM harmonize.ledger").fetchall() == [("loaded",)]
