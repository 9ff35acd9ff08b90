"""Reviewing mappings in the service: two signatures, conflicts, bulk and undo, what is taken away, who may."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from served import client, csrf, folder_with_study, served

from harmonize.engine.paths import root, sql

NAME = "ehr/covid_19_ny_sbu"
ANNA, BEN = "orcid:0000-0002-1825-0097", "site:ben"
API = "/api/v1/mappings"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with served(folder_with_study(tmp_path_factory, "review")) as running:
        yield running


@pytest.fixture
def anna(app: Any) -> Any:
    """A reviewer, and nothing decided yet."""
    shutil.rmtree(app.state.service.settings.reviews, ignore_errors=True)
    return signing(app, "reviewer", ANNA)


def signing(app: Any, account: str, name: str) -> Any:
    browser = client(app, account)
    assert browser.put(f"{API}/reviewer", json={"reviewer": name}).json() == {"reviewer": name}
    return browser


def queue(browser: Any, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = browser.get(f"{API}/queue", params={"mapping": NAME, **more}).json()
    return found


def decide(browser: Any, row: str, decision: str, comment: str = "") -> Any:
    body = {"mapping": NAME, "rows": [row], "decision": decision, "comment": comment}
    return browser.post(f"{API}/decisions", json=body)


def test_two_sign_and_the_patch_says_so(app: Any, anna: Any, tmp_path: Path) -> None:
    first = queue(anna)["rows"][0]
    assert (first["subject"], first["rows"]) == ("NY_SBU:Proteinuria.above80", 149)
    impacts = [row["impact"] for row in queue(anna)["rows"]]
    assert impacts == sorted(impacts, reverse=True)
    ben = signing(app, "steward", BEN)
    assert decide(anna, first["row"], "accept").status_code == 201
    assert queue(anna, state="accepted_once")["total"] == 1
    assert decide(anna, first["row"], "accept").status_code == 201  # the same person twice is one signature
    assert queue(anna)["states"]["signed"] == 0
    assert decide(ben, first["row"], "accept").status_code == 201
    signed = queue(anna, state="signed")["rows"]
    assert [(row["subject"], row["accepted"]) for row in signed] == [(first["subject"], f"{ANNA}, {BEN}")]
    assert [row["subject"] for row in queue(ben, open=True)["rows"]].count(first["subject"]) == 0

    files = anna.get(f"{API}/files", params={"mapping": NAME}).json()
    assert files == ["answers.sssom.tsv", "columns.sssom.tsv", "reviews.tsv"]
    sssom = anna.get(f"{API}/file", params={"mapping": NAME, "name": "columns.sssom.tsv"})
    assert f"{ANNA}|{BEN}" in sssom.text
    assert sssom.headers["content-disposition"] == 'attachment; filename="columns.sssom.tsv"'
    assert anna.get(f"{API}/file", params={"mapping": NAME, "name": "../reviews.tsv"}).status_code == 404
    checkout = tmp_path / "mappings" / NAME
    checkout.mkdir(parents=True)
    for path in (root("mappings") / NAME).glob("*.tsv"):
        (checkout / path.name).write_bytes(path.read_bytes())
    patch = anna.get(f"{API}/patch").content
    subprocess.run(["git", "apply", "-"], input=patch, cwd=tmp_path, check=True)
    assert (checkout / "columns.sssom.tsv").read_bytes() == sssom.content
    assert (checkout / "reviews.tsv").read_text().count(first["subject"]) == 3


def test_a_conflict_is_shown_side_by_side_and_undone(app: Any, anna: Any) -> None:
    row = queue(anna)["rows"][1]["row"]
    ben = signing(app, "steward", BEN)
    decide(anna, row, "accept")
    refused = decide(ben, row, "reject")
    assert (refused.status_code, refused.json()["detail"]) == (422, "To reject needs a comment that says why.")
    assert decide(ben, row, "reject", "It is <b>another</b> test").status_code == 201
    assert [one["row"] for one in queue(anna, state="conflict")["rows"]] == [row]
    page = ben.get("/review/row", params={"mapping": NAME, "row": row}).text
    assert page.index("For it") < page.index(ANNA) < page.index("Against it") < page.index(BEN)
    assert "It is &lt;b&gt;another&lt;/b&gt; test" in page
    undone = ben.post(f"{API}/undo", json={"mapping": NAME}).json()
    assert [one["mapping_hash"] for one in undone["decisions"]] == [row]
    assert queue(anna)["states"]["accepted_once"] == 1
    assert ben.post(f"{API}/undo", json={"mapping": NAME}).status_code == 422
    words = [one["decision"] for one in anna.get(f"{API}/row", params={"mapping": NAME, "row": row}).json()["history"]]
    assert words == ["accept", "reject", "undo"]


def test_bulk_tells_first_and_takes_only_what_is_sure(anna: Any) -> None:
    body = {"mapping": NAME, "decision": "accept", "subject": "NY_SBU:*"}
    foreseen = anna.post(f"{API}/bulk", json=body).json()
    assert foreseen["batch"] is None
    assert queue(anna)["states"]["unreviewed"] == queue(anna)["total"]
    assert [one for one in foreseen["left"] if one.startswith("NY_SBU:Proteinuria.above80")] == [
        "NY_SBU:Proteinuria.above80: skos:closeMatch is no exact match"
    ]
    done = anna.post(f"{API}/bulk", json={**body, "dry_run": False}).json()
    assert done["taken"] == foreseen["taken"]
    assert queue(anna)["states"]["accepted_once"] == len(done["taken"]) > 10
    page = anna.get("/review", params={"mapping": NAME})
    back = anna.post("/review/undo", data={"csrf": csrf(page), "mapping": NAME})
    assert back.status_code == 303
    assert queue(anna)["states"]["accepted_once"] == 0


def test_who_changes_a_row_does_not_sign_it(anna: Any) -> None:
    row = queue(anna)["rows"][0]["row"]
    body = {"mapping": NAME, "row": row, "comment": "nearer", "object_id": "LOINC:2888-6", "object_label": "Protein"}
    now = anna.post(f"{API}/changes", json=body).json()["row"]
    assert now != row
    assert anna.get(f"{API}/row", params={"mapping": NAME, "row": row}).status_code == 404
    shown = anna.get(f"{API}/row", params={"mapping": NAME, "row": now}).json()
    assert (shown["object_id"], shown["author_id"], shown["state"]) == ("LOINC:2888-6", ANNA, "reopened")
    assert decide(anna, now, "accept").status_code == 422
    assert anna.post(f"{API}/changes", json={**body, "row": now, "object_id": "no code"}).status_code == 422


def test_pages_decide_and_go_on(anna: Any) -> None:
    rows = [one["row"] for one in queue(anna)["rows"]]
    page = anna.get("/review/row", params={"mapping": NAME, "row": rows[0]})
    fields = {"csrf": csrf(page), "mapping": NAME, "row": rows[0]}
    wrong = anna.post("/review/decide", data={**fields, "decision": "reject"})
    assert wrong.status_code == 422
    assert "To reject needs a comment" in wrong.text
    on = anna.post("/review/decide", data={**fields, "decision": "discuss", "comment": "which test?"})
    assert f"row={rows[1]}" in on.headers["location"]
    told = anna.get("/review", params={"mapping": NAME, "state": "discussion"}).text
    assert "1 row" in told
    assert rows[0] in told
    assert rows[1] not in told


def test_a_reviewer_signs_with_one_name(app: Any, anna: Any) -> None:
    other = anna.put(f"{API}/reviewer", json={"reviewer": "site:somebody"})
    assert (other.status_code, other.json()["detail"]) == (409, f"You sign as {ANNA}; that stays.")
    nobody = client(app, "admin")
    row = queue(anna)["rows"][0]["row"]
    assert decide(nobody, row, "accept").status_code == 409  # nobody yet
    assert nobody.put(f"{API}/reviewer", json={"reviewer": ANNA}).status_code == 422  # somebody's
    assert nobody.put(f"{API}/reviewer", json={"reviewer": "orcid:0000-0002-1825-0098"}).status_code == 422
    for account in ("analyst", "contributor"):
        browser = client(app, account)
        assert [browser.get(path).status_code for path in ("/review", "/vocabulary", "/matrix", API)] == [403] * 4


@pytest.mark.parametrize("name", ["../secret", "/etc", "consortia/../ehr/covid_19_ny_sbu", "ehr"])
def test_a_mapping_is_a_name_and_no_path(anna: Any, name: str) -> None:
    assert anna.get(f"{API}/queue", params={"mapping": name}).status_code == 422
    assert anna.get("/review", params={"mapping": name}).status_code == 422
    assert anna.get(f"{API}/patch", params={"mapping": name}).status_code == 422


def test_concepts_have_neighbours_and_consortia_a_matrix(anna: Any) -> None:
    found = anna.get("/api/v1/vocabulary/search", params={"q": "Diabetes mellitus"}).json()
    assert (found[0]["concept_id"], found[0]["curie"]) == (201820, "SNOMED:73211009")
    shown = anna.get("/api/v1/vocabulary/concepts/201820").json()
    assert [one["concept_id"] for one in shown["maps_to"]] == []
    assert set(shown) >= {"parents", "children", "maps_to"}
    assert anna.get("/api/v1/vocabulary/concepts/1").status_code == 404
    assert "SNOMED:73211009" in anna.get("/vocabulary", params={"q": "diabetes"}).text
    suggested = anna.get(f"{API}/suggestions", params={"text": "diabetes"}).json()
    assert suggested[0]["concept"] == "SNOMED:73211009"
    records = anna.get(f"{API}/matrix", params={"node": "case"}).json()
    assert {record["node"] for record in records} == {"case"}
    assert {"n3c", "omop", "isaric", "all_of_us", "biodata_catalyst"} <= set(records[0])
    page = anna.get("/matrix", params={"node": "case", "only": "differs"}).text
    assert page.count("<tr>") == 1 + sum(record["differs"] == "yes" for record in records) or "Nothing differs" in page


def test_crosswalks_are_counted_in_the_published_file(anna: Any) -> None:
    found = anna.get(f"{API}/queue", params={"mapping": "consortia/n3c", "limit": 5}).json()
    assert found["total"] > 800
    assert [row["rows"] > 0 for row in found["rows"]] == [True] * 5


def test_neighbours_of_a_concept() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA omop")
        con.execute(
            "CREATE TABLE omop.concept AS FROM (VALUES (1, 'SNOMED', 'a', 'root'), (2, 'SNOMED', 'b', 'middle'), "
            "(3, 'SNOMED', 'c', 'leaf'), (4, 'ICD 10', 'd', 'target'), (5, 'ICD 10', 'e', 'old target')) "
            "AS t(concept_id, vocabulary_id, concept_code, concept_name)"
        )
        con.execute(
            "CREATE TABLE omop.concept_ancestor AS FROM (VALUES (1, 2, 1), (2, 3, 1), (1, 3, 2), (2, 2, 0)) "
            "AS t(ancestor_concept_id, descendant_concept_id, min_levels_of_separation)"
        )
        con.execute(
            "CREATE TABLE omop.concept_relationship AS FROM (VALUES (2, 4, 'Maps to', NULL), (2, 5, 'Maps to', 'D'), "
            "(2, 2, 'Maps to', NULL), (2, 1, 'Is a', NULL)) "
            "AS t(concept_id_1, concept_id_2, relationship_id, invalid_reason)"
        )
        found = con.execute(sql("review/neighbour"), {"concept_id": 2}).fetchall()
    assert found == [
        ("parents", 1, "SNOMED:a", "root"),
        ("maps_to", 4, "ICD 10:d", "target"),
        ("children", 3, "SNOMED:c", "leaf"),
    ]


def test_who_reviews_begins_with_what_is_loaded(anna: Any) -> None:
    assert anna.get("/").headers["location"] == "/review"
    page = anna.get("/review").text
    assert f'<option value="{NAME}" selected>' in page
    assert "Proteinuria above 80" in page
