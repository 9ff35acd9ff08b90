"""What few imaging deliveries have, and what is told of it: names that are no text, sealed zips, other counts."""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from pathlib import Path

from dicom_files import uid, write

from harmonize.engine.store import Store
from harmonize.pipeline.load import load


def told(store: Store, images: Path) -> Counter[tuple[str, str | None]]:
    """(rule, value) of the findings of a load."""
    load(store, [images], source="dicom", project="H")
    query = "SELECT rule, value FROM harmonize.finding JOIN harmonize.rule USING (rule_id)"
    return Counter(store.con.execute(query).fetchall())


def test_a_header_that_says_that_nothing_was_removed(new_store: Store, tmp_path: Path) -> None:
    write(tmp_path / "in" / "1.dcm", PatientIdentityRemoved="NO")
    write(tmp_path / "in" / "2.dcm", series=2, PatientIdentityRemoved="YES")
    assert told(new_store, tmp_path / "in")["identity_not_removed", "NO"] == 1


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
