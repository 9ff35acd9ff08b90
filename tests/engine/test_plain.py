"""What is shown cannot steer a terminal."""

from __future__ import annotations

import os

import pytest

from harmonize.engine.plain import document_out, is_utf8, plain, plain_line

OBEYED = [*map(chr, (*range(9), *range(11, 32), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, 0x2028, 0x2029))]
OBEYED += [*map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xD800, 0xDCFF, 0xDFFF))]


@pytest.mark.parametrize("character", OBEYED, ids=lambda character: f"{ord(character):04x}")
def test_what_a_terminal_obeys_is_escaped(character: str) -> None:
    shown = plain(f"a{character}b")
    assert shown.isascii()
    assert shown.isprintable()
    assert shown.startswith("a\\")
    assert shown.endswith("b")


@pytest.mark.parametrize("text", ["", "plain", "Müller, 肺, 🫁, é", "a\tb\nc", "non\u00a0breaking \u200d"])
def test_other_text_stays(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("cod\u202eexe", "cod\\u202eexe"),
        ("a\rb", "a\\rb"),
        ("a,b\r\nc\r", "a,b\r\nc\\r"),
        (os.fsdecode(b"\xff\xfe.csv"), "\\xff\\xfe.csv"),
    ],
)
def test_how_it_is_written(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_what_must_stay_on_its_line_does() -> None:
    assert plain_line("a\nb\tc\x1b\r\n") == "a\\nb\\tc\\x1b\\r\\n"


@pytest.mark.parametrize(("is_terminal", "shown"), [(True, "é\\x1b,\\ra\r\n"), (False, "é\x1b,\ra\r\n")])
def test_a_document_is_cleaned_for_a_terminal_alone(
    is_terminal: bool, shown: str, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)
    out = document_out()
    for piece in (b"\xc3", b"\xa9\x1b,\r", b"a\r", b"", b"\n"):
        assert out.write(piece) == len(piece)
    assert capsysbinary.readouterr().out.decode() == shown


def test_bytes_of_a_name_are_no_text() -> None:
    assert is_utf8("é")
    assert not is_utf8(os.fsdecode(b"\xe9"))
