"""The API against its own description: schemathesis asks for what OpenAPI allows, and nothing fails."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from served import client, folder_with_study, listening, with_accounts

from harmonize.service.settings import read_settings

LEFT_OUT = "publish|projects/|events|tokens/|files/"
"""Begins jobs on the store, goes on until one ends, revokes the token that it asks with, or is sent in pieces."""


def test_nothing_that_is_described_fails(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Drawn with one seed, so that it asks the same each time."""
    folder = folder_with_study(tmp_path_factory, "openapi")
    app = with_accounts(read_settings(folder, request_rate="100000/minute"))
    with listening(app) as address:
        admin = client(app, "admin")
        scopes = admin.get("/api/v1/me").json()["permissions"]
        made = admin.post("/api/v1/tokens", json={"name": "all", "scopes": scopes}).json()["token"]
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json"]
        command += ["--phases", "examples,fuzzing", "--max-examples", "2", "--seed", "1", "--generation-deterministic"]
        command += [
            "--checks",
            "not_a_server_error",
            "--exclude-path-regex",
            LEFT_OUT,
            "--suppress-health-check",
            "all",
        ]
        command += ["--header", f"Authorization: Bearer {made}", "--request-timeout", "60", "--no-color"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=600)
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        found = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
        assert found, done.stdout[-6000:]
        assert int(found[1]) == int(found[2]) >= 70
