"""Login by OpenID Connect, against a provider of the tests: who has an account here comes in, and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
from provider import CLIENT, SECRET, provider
from served import client, listening, served

from harmonize.service.accounts import create_user


def come_back(browser: Any, **changed: str) -> Any:
    """To the provider and back; gives the answer of the service."""
    there = browser.get("/login/oidc")
    assert there.status_code == 302
    back = httpx2.get(there.headers["location"]).headers["location"]
    for old, new in changed.items():
        back = back.replace(f"{old}=", f"{new}=x")
    return browser.get(back.removeprefix("http://localhost"))


def test_a_login_by_a_provider(tmp_path: Path) -> None:
    person: dict[str, Any] = {"sub": "4711", "email": "Mara@lakeside.example", "email_verified": False}
    with listening(provider(person)) as issuer:
        given = {"oidc_issuer": issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET, "oidc_name": "Lakeside"}
        with served(tmp_path / "data", **given) as app:
            assert "Log in by Lakeside" in client(app).get("/login").text
            with app.state.service.db.session() as session:
                create_user(session, "mara@lakeside.example", "analyst", password=None)
            assert come_back(client(app)).status_code == 403  # the address is not verified
            person["email_verified"] = True
            browser = client(app)
            assert come_back(browser).headers["location"] == "/"
            assert "mara@lakeside.example" in browser.get("/account").text
            person["email"] = "another@lakeside.example"  # the same person, by subject
            assert come_back(client(app)).headers["location"] == "/"
            person["sub"] = "4712"
            assert come_back(client(app)).status_code == 403
            person |= {"sub": "4713", "email": "admin"}  # who has a password is nobody's by name
            assert come_back(client(app)).status_code == 403
            assert come_back(client(app), state="none").status_code == 403  # another's answer
            assert client(app).get("/login/oidc/back?code=code&state=none").status_code == 403


def test_without_a_provider_there_is_no_way_in(tmp_path: Path) -> None:
    with served(tmp_path / "data") as app:
        assert client(app).get("/login/oidc").status_code == 404
        assert client(app).get("/login/oidc/back").status_code == 404
