"""What somebody hostile tries against the service, and what happens (docs/security.md has the table)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import Request
from served import MAPPING, PASSWORD, PROJECT, ROLES, client, csrf, folder_with_study, login, served, user_id
from starlette.testclient import TestClient

from harmonize.service.access import safe_next
from harmonize.service.app import COOKIE
from harmonize.service.models import ApiToken, User
from harmonize.service.problems import Problem
from harmonize.service.routes.submissions import _in_time


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = folder_with_study(tmp_path_factory, "attacks")
    with served(folder, query_seconds=5.0, query_memory="600MB") as running:
        yield running


@pytest.fixture(scope="module")
def analyst(app: Any) -> TestClient:
    return client(app, "analyst")


def query(browser: TestClient, sql: str) -> Any:
    return browser.post("/api/v1/query", json={"sql": sql})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "FROM '/etc/passwd'",
        "SELECT content FROM read_text('store.duckdb.key')",
        "ATTACH '../store.duckdb' AS s",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "SET memory_limit = '1TB'",
        "SELECT 1; SELECT 2",
        "INSTALL httpfs",
        "SELECT * FROM duckdb_settings()",
        "SELECT getenv('HOME')",
        "SELECT current_setting('temp_directory')",
        "PRAGMA database_list",
        "CREATE TABLE omop.x AS SELECT 1",
    ],
)
def test_sql_reads_the_published_data_and_nothing_else(analyst: TestClient, sql: str) -> None:
    answer = query(analyst, sql)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert analyst.get("/ask/sql", params={"q": sql}).status_code == 422


def test_sql_that_runs_or_allocates_forever_is_ended(analyst: TestClient) -> None:
    runs = query(analyst, "SELECT count(*) FROM range(10000000000) a, range(10000000000) b")
    assert (runs.status_code, runs.json()["detail"]) == (422, "The query was stopped after 5 s.")
    assert query(analyst, "SELECT length(repeat('x', 100000000000))").status_code in (422, 503)
    assert query(analyst, "SELECT 1 AS one").json()["rows"] == [{"one": 1}]


def test_a_reference_is_no_file_of_the_machine(analyst: TestClient) -> None:
    asked = {"question": "representativeness", "parameters": {"reference": "/etc/passwd"}}
    answer = analyst.post("/api/v1/query", json=asked)
    assert (answer.status_code, answer.json()["detail"]) == (422, "/etc/passwd is no reference table.")
    assert analyst.get("/ask/question/representativeness?ask=1&reference=/etc/passwd").status_code == 422
    assert analyst.get("/ask/question/..%2f..%2fetc%2fpasswd").status_code in (404, 422)


def test_rows_stop_at_the_bound(analyst: TestClient) -> None:
    told = query(analyst, "SELECT range AS n FROM range(100000)").json()
    assert (len(told["rows"]), told["truncated"]) == (500, True)


def test_a_cell_is_no_formula_in_a_spreadsheet(analyst: TestClient) -> None:
    sql = "SELECT '=HYPERLINK(1)' AS a, '+1+1' AS b, -5 AS c, '@x' AS d, '-' AS e, 'plain, text' AS f"
    answer = analyst.post("/api/v1/query/csv", json={"sql": sql})
    assert answer.text.splitlines()[1] == "'=HYPERLINK(1),'+1+1,-5,'@x,'-,\"plain, text\""
    assert answer.headers["content-disposition"] == 'attachment; filename="answer.csv"'
    assert analyst.post("/api/v1/query/csv", json={"sql": "SELECT nothing"}).status_code == 422


def test_a_body_has_bounds(app: Any, analyst: TestClient) -> None:
    assert query(analyst, "SELECT 1 -- " + "x" * 2_000_000).status_code == 413
    assert client(app).post("/login", content=b"x" * 2_000_000).status_code == 413
    assert query(analyst, "SELECT 1 -- " + "x" * 100_000).status_code == 422


def test_a_sender_that_is_silent_is_not_waited_for() -> None:
    class Silent:
        async def stream(self) -> AsyncIterator[bytes]:
            yield b"first"
            await asyncio.Event().wait()

    async def take() -> bytes:
        pieces = _in_time(cast("Request", Silent()), 0.05)
        first = await anext(pieces)
        with pytest.raises(Problem, match=r"Nothing came for"):
            await anext(pieces)
        return first

    assert asyncio.run(take()) == b"first"


def token(browser: TestClient, *scopes: str) -> tuple[str, dict[str, str]]:
    told = browser.post("/api/v1/tokens", json={"name": "script", "scopes": list(scopes)}).json()
    return told["id"], {"authorization": f"Bearer {told['token']}"}


def test_a_token_is_worth_what_it_says_until_it_is_revoked(app: Any) -> None:
    steward, program = client(app, "steward"), client(app)
    assert steward.post("/api/v1/tokens", json={"name": "x", "scopes": ["admin"]}).status_code == 403
    public_id, head = token(steward, "submit")
    assert program.get("/api/v1/submissions", headers=head).status_code == 200
    assert program.get("/api/v1/questions", headers=head).status_code == 403
    assert program.post("/api/v1/tokens", headers=head, json={"name": "y", "scopes": ["query"]}).status_code == 403
    wrong = {"authorization": head["authorization"][:-1] + "x"}
    assert program.get("/api/v1/submissions", headers=wrong).status_code == 401
    assert "hmz_" not in steward.get("/account").text
    assert steward.delete(f"/api/v1/tokens/{public_id}").status_code == 204
    assert program.get("/api/v1/submissions", headers=head).status_code == 401


def test_a_token_ends_with_its_time_and_its_user(app: Any) -> None:
    reviewer, program = client(app, "reviewer"), client(app)
    public_id, head = token(reviewer, "query")
    assert program.get("/api/v1/questions", headers=head).status_code == 200
    with app.state.service.db.session() as session:
        kept = session.query(ApiToken).filter_by(public_id=public_id).one()
        kept.expires_at = kept.created_at - timedelta(seconds=1)
    assert program.get("/api/v1/questions", headers=head).status_code == 401
    _, head = token(reviewer, "query")
    admin = client(app, "admin")
    own = f"/api/v1/admin/users/{user_id(app, 'reviewer')}"
    assert admin.patch(own, json={"active": False}).status_code == 200
    assert program.get("/api/v1/questions", headers=head).status_code == 401
    assert reviewer.get("/ask").status_code == 303
    assert admin.patch(own, json={"active": True}).status_code == 200


def test_nobody_revokes_the_token_of_another(app: Any, analyst: TestClient) -> None:
    public_id, head = token(client(app, "steward"), "submit")
    assert analyst.delete(f"/api/v1/tokens/{public_id}").status_code == 404
    assert client(app).get("/api/v1/me", headers=head).status_code == 200


def test_a_session_is_new_at_login_and_worth_nothing_after_logout(app: Any) -> None:
    browser = client(app)
    browser.get("/login")
    before = browser.cookies[COOKIE]
    assert login(browser, "analyst").status_code == 303
    after = browser.cookies[COOKIE]
    assert after != before
    fixed = client(app)
    fixed.cookies.set(COOKIE, before)
    assert fixed.get("/account").status_code == 303
    assert browser.post("/logout", data={"csrf": csrf(browser.get("/account"))}).status_code == 303
    stolen = client(app)
    stolen.cookies.set(COOKIE, after)
    assert stolen.get("/account").status_code == 303


def test_another_password_ends_the_other_sessions(app: Any) -> None:
    here, there = client(app, "stranger"), client(app, "stranger")
    fields = {"csrf": csrf(here.get("/account")), "old": "a wrong password", "new": "another long password"}
    assert here.post("/account/password", data=fields).status_code == 403
    with app.state.service.db.session() as session:
        kept = session.query(User).filter_by(name="stranger").one().password_hash
    assert here.post("/account/password", data={**fields, "old": PASSWORD, "new": "short"}).status_code == 422
    assert here.post("/account/password", data={**fields, "old": PASSWORD}).status_code == 200
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    with app.state.service.db.session() as session:
        session.query(User).filter_by(name="stranger").one().password_hash = kept


FORMS = ["/logout", "/terms", "/account/tokens", "/account/password", "/admin/users", "/admin/organisations",
         "/admin/publish", "/ask/save", "/submit", "/login"]  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_a_form_of_elsewhere_does_nothing(app: Any, path: str) -> None:
    admin = client(app, "admin")
    foreign = csrf(client(app).get("/login"))
    assert admin.post(path, data={"name": "x"}).status_code == 403
    assert admin.post(path, data={"csrf": foreign, "name": "x"}).status_code == 403


def test_the_api_takes_no_change_from_a_cookie_alone(app: Any) -> None:
    admin = client(app, "admin")
    del admin.headers["x-csrf-token"]
    answer = admin.post("/api/v1/admin/organisations", json={"name": "Foreign"})
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:midrc-harmonize:problem:csrf")
    assert "Foreign" not in admin.get("/api/v1/admin/organisations").text


def test_what_is_written_is_shown_and_not_run(app: Any) -> None:
    script, sender = "<script>alert(1)</script>", client(app, "contributor")
    body = {"project": PROJECT, "source": "ehr", "mapping": MAPPING, "comment": script}
    home = sender.post("/api/v1/submissions", json=body).headers["location"]
    sender.post(f"{home}/files", json={"name": "<img src=x onerror=alert(1)>.csv", "size": 0})
    page = sender.get(home.removeprefix("/api/v1")).text
    assert "&lt;img src=x onerror=alert(1)&gt;.csv" in page
    assert "&lt;script&gt;" in page
    assert "<img" not in page
    assert script not in page
    answer = client(app, "analyst").get("/ask/sql", params={"q": f"SELECT '{script}' AS \"<b>x</b>\""}).text
    assert "&lt;script&gt;alert(1)" in answer
    assert script not in answer
    assert "<b>x" not in answer


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a\nb",
        "",
    ],
)
def test_a_login_leads_nowhere_else(app: Any, wanted: str) -> None:
    assert safe_next(wanted) == "/"
    assert login(client(app), "analyst", next=wanted).headers["location"] == "/"
    assert safe_next("/ask?q=1") == "/ask?q=1"


def test_guessing_is_stopped_and_tells_no_names(tmp_path: Path) -> None:
    with served(tmp_path / "data", login_rate="3/hour") as app:
        known, unknown = [], []
        for _ in range(4):
            known.append(login(client(app), "analyst", "wrong password").status_code)
            unknown.append(login(client(app), "nobody", "wrong password").status_code)
        assert known == unknown == [401, 401, 401, 429]
        assert login(client(app), "analyst").status_code == 429  # the right one as well, now
        told = login(client(app), "steward")
        assert (told.status_code, ROLES["steward"]) == (303, None)


def test_a_foreign_host_is_not_answered(app: Any) -> None:
    browser = TestClient(app, base_url="http://evil.example", raise_server_exceptions=False)
    assert browser.get("/health").status_code == 400


def test_cookies_are_for_this_site_and_over_https_alone(tmp_path: Path) -> None:
    with served(tmp_path / "data", public_url="https://harmonize.example.org/") as app:
        answer = TestClient(app, base_url="https://harmonize.example.org").get("/login")
        said = answer.headers["set-cookie"].lower()
        assert {"httponly", "samesite=lax", "secure"} <= set(said.replace(";", " ").split())
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
