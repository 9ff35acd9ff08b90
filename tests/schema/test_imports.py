"""What a schema imports: its own folder and linkml's types. Nothing is fetched, nothing else is read."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from harmonize.engine.errors import InputError
from harmonize.schema.load import schema_plan

SCHEMA = """\
id: https://example.org/x
name: x
prefixes:
  linkml: {linkml}
  evil: http://127.0.0.1:{port}/
  here: file://{folder}/
default_range: string
{imports}
classes:
  one: {{attributes: {{a: {{}}}}}}
"""
EVIL = "id: https://example.org/evil\nname: evil\nclasses:\n  evil: {}\n"
REFUSED = {
    "URL": "imports:\n  - http://127.0.0.1:{port}/evil",
    "prefix of a URL": "imports:\n  - evil:evil",
    "prefix of a file": "imports:\n  - here:evil",
    "folder above": "imports:\n  - ../evil",
    "absolute path": "imports:\n  - {folder}/evil",
    "folder in between": "imports:\n  - sub/../../evil",
    "link out of the folder": "imports:\n  - link",
    "linkml's folder left": "imports:\n  - linkml:../../evil",
    "in braces": "imports: [http://127.0.0.1:{port}/evil]",
    "quoted key": '"imports": [http://127.0.0.1:{port}/evil]',
    "a second block": "imports:\n  - linkml:types\n\n# more\n? imports\n: - http://127.0.0.1:{port}/evil",
    "no list": "imports: http://127.0.0.1:{port}/evil",
    "nothing there": "imports:\n  - nowhere",
}


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> int:
    """The port of a server that would answer; any way out of the process fails the test."""

    def connect(*_: object) -> None:
        pytest.fail("Something was fetched.")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)
    return 8008


def _schema(folder: Path, port: int, imports: str, linkml: str = "https://w3id.org/linkml/") -> Path:
    (folder / "own").mkdir()
    (folder / "evil.yaml").write_text(EVIL)
    (folder / "own" / "link.yaml").symlink_to(folder / "evil.yaml")
    path = folder / "own" / "x.yaml"
    imports = imports.format(port=port, folder=folder)
    path.write_text(SCHEMA.format(port=port, folder=folder, imports=imports, linkml=linkml))
    return path


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_read(kind: str, no_server: int, tmp_path: Path) -> None:
    path = _schema(tmp_path, no_server, REFUSED[kind])
    with pytest.raises(InputError) as caught:
        schema_plan(path)[2]()
    assert "\n" not in caught.value.message
    assert "own" in caught.value.message


def test_the_prefix_linkml_is_that_of_linkml(no_server: int, tmp_path: Path) -> None:
    path = _schema(tmp_path, no_server, "imports:\n  - linkml:types", f"http://127.0.0.1:{no_server}/")
    assert list(schema_plan(path)[2]()["classes"]) == ["one"]


def test_files_of_the_folder_are_read_from_wherever_they_stand_in_it(no_server: int, tmp_path: Path) -> None:
    path = _schema(tmp_path, no_server, "imports:\n  - linkml:types\n  - parts/two")
    (path.parent / "parts").mkdir()
    two = "id: https://example.org/two\nname: two\nimports:\n  - ../three\nclasses:\n  two: {}\n"
    (path.parent / "parts" / "two.yaml").write_text(two)
    (path.parent / "three.yaml").write_text(EVIL.replace("evil", "three"))
    assert sorted(schema_plan(path)[2]()["classes"]) == ["one", "three", "two"]


def test_a_schema_of_aliases_of_aliases_is_refused(no_server: int, tmp_path: Path) -> None:
    path = _schema(tmp_path, no_server, "imports:\n  - linkml:types")
    lines = ["annotations:", "  a: &a [" + ", ".join("x" * 9) + "]"]
    lines += [
        f"  {after}: &{after} [{', '.join(['*' + before] * 9)}]"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    path.write_text(path.read_text() + "\n".join(lines) + "\n")
    with pytest.raises(InputError, match="aliases stand for more than"):
        schema_plan(path)[2]()
