"""Who is shown what: pages and API by role, without a login, without the terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from served import client, csrf, folder_with_study, login, release_in, served

OPEN = {"/health", "/metrics", "/login", "/static/style.css", "/static/service.js", "/api/v1/openapi.json"}
PAGES = {
    "/submissions": {"contributor", "steward", "admin"},
    "/submit": {"contributor", "steward", "admin"},
    "/projects": {"steward", "admin"},
    "/ask": {"analyst", "reviewer", "steward", "admin"},
    "/ask/sql?q=SELECT+1+AS+one": {"analyst", "reviewer", "steward", "admin"},
    "/ask/question/sites?ask=1": {"analyst", "reviewer", "steward", "admin"},
    "/studies?modality=CT": {"analyst", "reviewer", "steward", "admin"},
    "/review": {"reviewer", "steward", "admin"},
    "/vocabulary?q=fever": {"reviewer", "steward", "admin"},
    "/matrix?node=case": {"reviewer", "steward", "admin"},
    "/datasets": {"analyst", "reviewer", "steward", "admin"},
    "/datasets/Open-R1-1.0": {"analyst", "reviewer", "steward", "admin"},
    "/quality": {"analyst", "reviewer", "steward", "admin"},
    "/releases": {"steward", "admin"},
    "/releases/1": {"steward", "admin"},
    "/lineage": {"steward", "admin"},
    "/admin": {"admin"},
    "/account": {"contributor", "analyst", "reviewer", "steward", "admin"},
    "/terms": {"contributor", "analyst", "reviewer", "steward", "admin"},
}
SLOW = {path for path in PAGES if "?" in path}
"""Pages with answers, each of which is a process or several."""
API = {
    "/me": {"contributor", "analyst", "reviewer", "steward", "admin"},
    "/tokens": {"contributor", "analyst", "reviewer", "steward", "admin"},
    "/submissions": {"contributor", "steward", "admin"},
    "/questions": {"analyst", "reviewer", "steward", "admin"},
    "/questions/sites": {"analyst", "reviewer", "steward", "admin"},
    "/saved": {"analyst", "reviewer", "steward", "admin"},
    "/projects": {"steward", "admin"},
    "/mappings": {"reviewer", "steward", "admin"},
    "/mappings/queue?mapping=cirr": {"reviewer", "steward", "admin"},
    "/mappings/patch?mapping=cirr": {"reviewer", "steward", "admin"},
    "/vocabulary/search?q=fever": {"reviewer", "steward", "admin"},
    "/datasets": {"analyst", "reviewer", "steward", "admin"},
    "/datasets/Open-R1-1.0/files/open/data.csv": {"analyst", "reviewer", "steward", "admin"},
    "/datasets/Open-R1-1.0/dictionary": {"analyst", "reviewer", "steward", "admin"},
    "/notices": {"analyst", "reviewer", "steward", "admin"},
    "/lives": {"steward", "admin"},
    "/lives/1": {"steward", "admin"},
    "/admin/users": {"admin"},
    "/admin/organisations": {"admin"},
    "/admin/jobs": {"admin"},
    "/admin/audit": {"admin"},
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    data = folder_with_study(tmp_path_factory, "pages")
    release_in(data)
    with served(data) as running:
        yield running


@pytest.fixture(scope="module")
def browsers(app: Any) -> dict[str, Any]:
    return {name: client(app, name) for name in ("contributor", "analyst", "reviewer", "steward", "admin")}


def test_without_a_login_there_is_a_form_and_no_data(app: Any) -> None:
    anyone = client(app)
    assert {path: anyone.get(path).status_code for path in OPEN} == dict.fromkeys(OPEN, 200)
    told = {path: anyone.get(path) for path in (*PAGES, "/")}
    assert {path: answer.status_code for path, answer in told.items()} == dict.fromkeys(told, 303)
    assert told["/lineage"].headers["location"] == "/login?next=%2Flineage"
    for path in API:
        answer = anyone.get(f"/api/v1{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
        assert answer.json()["type"] == "urn:midrc-harmonize:problem:login"
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_shown_to_its_roles(browsers: dict[str, Any], path: str) -> None:
    asked = browsers if path not in SLOW else {name: browsers[name] for name in ("contributor", "analyst")}
    told = {name: browser.get(path).status_code for name, browser in asked.items()}
    assert told == {name: 200 if name in PAGES[path] else 403 for name in asked}


@pytest.mark.parametrize("path", API)
def test_the_api_answers_its_roles(browsers: dict[str, Any], path: str) -> None:
    told = {name: browser.get(f"/api/v1{path}").status_code for name, browser in browsers.items()}
    assert told == {name: 200 if name in API[path] else 403 for name in browsers}


def test_the_menu_has_what_may_be_opened(browsers: dict[str, Any]) -> None:
    told = {name: browser.get("/account").text for name, browser in browsers.items()}
    assert [name for name in told if 'href="/submissions"' in told[name]] == ["contributor", "steward", "admin"]
    assert [name for name in told if 'href="/admin"' in told[name]] == ["admin"]


def test_every_answer_has_its_headers(app: Any, browsers: dict[str, Any]) -> None:
    for answer in (
        client(app).get("/login"),
        browsers["admin"].get("/admin"),
        browsers["admin"].get("/api/v1/nothing"),
    ):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'self'; ")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "<script>" not in answer.text
        assert "style=" not in answer.text
        assert "onclick" not in answer.text


def test_terms_come_before_data(app: Any, browsers: dict[str, Any]) -> None:
    made = browsers["admin"].post("/api/v1/admin/users", json={"name": "newcomer", "role": "analyst"}).json()
    newcomer = client(app)
    assert login(newcomer, "newcomer", made["password"]).headers["location"] == "/"
    asked = newcomer.get("/ask")
    assert (asked.status_code, asked.headers["location"]) == (303, "/terms?next=%2Fask")
    refused = newcomer.get("/api/v1/questions")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:midrc-harmonize:problem:terms")
    page = newcomer.get("/terms?next=/ask")
    assert "not commercial" in page.text
    fields = {"csrf": csrf(page), "version": "1", "next": "/ask"}
    assert newcomer.post("/terms", data=fields).status_code == 422  # the box is not ticked
    assert newcomer.post("/terms", data={**fields, "attest": "yes", "version": "0"}).status_code == 409
    assert newcomer.post("/terms", data={**fields, "attest": "yes"}).headers["location"] == "/ask"
    assert newcomer.get("/ask").status_code == 200


def test_what_is_wrong_is_told_as_it_is_asked_for(browsers: dict[str, Any]) -> None:
    page = browsers["admin"].get("/submissions/none")
    assert page.status_code == 404
    assert "<h1>Not found</h1>" in page.text
    problem = browsers["admin"].get("/api/v1/submissions/none")
    assert problem.json() == {
        "type": "about:blank",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing here, or it is not yours.",
        "instance": "/api/v1/submissions/none",
    }


def test_what_is_read_is_written_down(browsers: dict[str, Any]) -> None:
    browsers["analyst"].post("/api/v1/query", json={"sql": "SELECT 42 AS answer"})
    browsers["analyst"].get("/patients/17")
    lines = browsers["admin"].get("/api/v1/admin/audit").json()
    told = [(line["action"], line["subject"], line["detail"]) for line in lines[:2]]
    assert told == [("patient", "17", {}), ("query", "sql", {"sql": "SELECT 42 AS answer"})]


def test_metrics_name_routes_and_nobody(app: Any, browsers: dict[str, Any]) -> None:
    browsers["analyst"].get("/patients/4711")
    told = client(app).get("/metrics").text
    assert 'harmonize_requests_total{method="GET",route="/patients/{person}",status="404"}' in told
    assert "4711" not in told
    assert "analyst" not in told


def test_pages_do_what_they_say(app: Any, browsers: dict[str, Any]) -> None:
    admin = browsers["admin"]
    token = csrf(admin.get("/admin"))
    made = admin.post("/admin/organisations", data={"csrf": token, "name": "Seaside", "projects": "A, B,"})
    assert made.headers["location"] == "/admin"
    assert {"name": "Seaside", "projects": ["A", "B"]}.items() <= admin.get("/api/v1/admin/organisations").json()[
        -1
    ].items()
    page = admin.post(
        "/admin/users", data={"csrf": token, "name": "mara", "role": "contributor", "organisation": "Seaside"}
    )
    assert "The account mara was made" in page.text
    (mara,) = [one for one in admin.get("/api/v1/admin/users").json() if one["name"] == "mara"]
    assert admin.post(f"/admin/users/{mara['id']}", data={"csrf": token, "act": "shut"}).status_code == 303
    assert [one["active"] for one in admin.get("/api/v1/admin/users").json() if one["name"] == "mara"] == [False]
    own = admin.get("/api/v1/me").json()["user_id"]
    assert admin.patch(f"/api/v1/admin/users/{own}", json={"active": False}).status_code == 409
    analyst = browsers["analyst"]
    kept = analyst.post("/ask/save", data={"csrf": csrf(analyst.get("/ask")), "title": "Sites", "question": "sites"})
    there = analyst.get(kept.headers["location"]).headers["location"]
    assert there.startswith("/ask/question/sites?")
    assert there.endswith("ask=1")
    again = browsers["reviewer"].get(kept.headers["location"])
    assert again.headers["location"] == there
    assert "Sites" in analyst.get("/ask").text
    assert "Sites</a>" not in browsers["reviewer"].get("/ask").text


def test_a_corrected_try_finds_the_choices_of_the_one_before(browsers: dict[str, Any]) -> None:
    page = browsers["steward"].get("/submit?project=Open-R1&source=fhir&mapping=ehr/site_419639").text
    assert 'name="project" value="Open-R1"' in page
    assert '<option value="fhir" selected>' in page
    assert '<option value="site_419639" selected>' in page
