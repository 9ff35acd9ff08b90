"""What a project says of its releases, and the page of answers in the docs."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.engine.errors import InputError
from harmonize.release.directory.about import read_about
from harmonize.release.directory.documents import answers

PAGE = Path(__file__).resolve().parents[3] / "docs" / "data-use.md"


def test_the_page_has_the_answers_of_a_release() -> None:
    page = PAGE.read_text(encoding="utf-8")
    told = [(question, answer) for question, answer in answers(read_about(None))]
    parts = [part.partition("\n\n") for part in page.split("\n## ")[1:]]
    assert [(question, answer.strip()) for question, _, answer in parts] == told
    assert len(told) == 13


def test_a_file_says_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "about.yaml"
    file.write_text("contact: data@example.org\n", encoding="utf-8")
    assert answers(read_about(file))[-1] == ("Whom can I ask?", "data@example.org")
    file.write_text("contct: x\n", encoding="utf-8")
    with pytest.raises(InputError, match="there is no 'contct' of a release"):
        read_about(file)
    file.write_text("contact: 7\n", encoding="utf-8")
    with pytest.raises(InputError, match="contact is no text"):
        read_about(file)
