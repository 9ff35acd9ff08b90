"""The settings: where they come from, what is refused, what is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.service.settings import read_settings


def test_the_command_line_comes_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "service.toml").write_text("port = 1\nmax_files = 2\nterms_version = '2026'\n")
    monkeypatch.setenv("HARMONIZE_SERVE_PORT", "3")
    monkeypatch.setenv("HARMONIZE_SERVE_MAX_FILES", "4")
    found = read_settings(tmp_path, port=5, host=None)
    assert (found.port, found.max_files, found.terms_version, found.host) == (5, 4, "2026", "127.0.0.1")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("prot = 1", "prot: Extra inputs are not permitted."),
        ("port = 70000", "port: Input should be less than or equal to 65535."),
        ("query_memory = '1 cow'", "query_memory: '1 cow' is not an amount of memory."),
        ("login_rate = 'often'", "login_rate: String should match pattern"),
        ("oidc_issuer = 'https://a'", "The settings: oidc_issuer and oidc_client_id belong together."),
        ("terms_file = 'none.txt'", "terms_file: none.txt does not exist."),
        ("public_url = 'a.example'", "The settings: public_url begins with https://"),
        ("port", "service.toml is no TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "service.toml").write_text(text)
    with pytest.raises(InputError) as problem:
        read_settings(tmp_path)
    assert told in problem.value.message


def test_what_is_printed_hides_secrets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "service.toml").write_text(
        "database_url = 'postgresql+psycopg://writer:hunter2@db/x'\noidc_issuer = 'https://a'\n"
        "oidc_client_id = 'me'\noidc_client_secret = 'swordfish'\n"
    )
    assert main(["serve", "--data", str(tmp_path), "--print-config", "--port", "81"]) == 0
    said = capsys.readouterr().out
    told = json.loads(said)
    assert (told["port"], told["database_url"]) == (81, "postgresql+psycopg://writer:***@db/x")
    assert "hunter2" not in said
    assert "swordfish" not in said
