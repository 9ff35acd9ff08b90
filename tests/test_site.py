"""The documentation site: links out of docs/ lead to what lies on the site; no page loads anything from elsewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def _module(name: str) -> ModuleType:
    """A script of docs/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, REPOSITORY / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECK = _module("check_site")


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<a href="https://example.org">a link is followed only when asked</a>', 0),
        ('<link rel="stylesheet" href="assets/site.css"><script src="../a.js"></script>', 0),
        ('<link rel="stylesheet" href="https://fonts.example.org/css">', 1),
        ('<script src="//cdn.example.org/a.js"></script>', 1),
        ('<img alt="" src="http://example.org/a.png">', 1),
        ('<img alt="" srcset="https://example.org/a.png 2x">', 1),
        ('<svg><use xlink:href="https://example.org/a.svg#x"/></svg>', 1),
        ("<style>@import 'https://example.org/a.css'; p {background: url(//example.org/b.png)}</style>", 2),
        ('<p style="background: url(https://example.org/b.png)">', 1),
        ("<code>&lt;script src=&quot;https://example.org/a.js&quot;&gt;</code>", 0),
    ],
)
def test_what_a_page_fetches_from_elsewhere(tmp_path: Path, html: str, found: int) -> None:
    (tmp_path / "index.html").write_text(f"<html><body>{html}</body></html>")
    assert len(CHECK.problems(tmp_path)) == found
    assert CHECK.main([str(tmp_path)]) == (1 if found else 0)


def test_style_sheets_are_looked_at_and_no_site_is_no_success(tmp_path: Path) -> None:
    assert CHECK.main([str(tmp_path)]) == 1
    (tmp_path / "index.html").write_text("<html></html>")
    (tmp_path / "a.css").write_text("@font-face { src: url('https://fonts.example.org/a.woff2') }")
    assert CHECK.problems(tmp_path) == ["a.css: https://fonts.example.org/a.woff2"]


@pytest.fixture(scope="module")
def hooks() -> ModuleType:
    pytest.importorskip("mkdocs")
    return _module("site_hooks")


@pytest.mark.parametrize(
    ("home", "link", "path"),
    [
        ("index.md", "../CONTRIBUTING.md", "CONTRIBUTING.md"),
        ("contributing.md", "docs/tests.md", "docs/tests.md"),
        ("mappings/fhir.md", "../schema.md", "docs/schema.md"),
        ("fhir.md", "../sql/functions.sql", "sql/functions.sql"),
    ],
)
def test_what_a_link_means_in_the_repository(hooks: ModuleType, home: str, link: str, path: str) -> None:
    assert hooks.repository_path(home, link) == path
    assert (REPOSITORY / path).exists()


@pytest.mark.parametrize(
    ("home", "markdown", "there"),
    [
        ("tests.md", "[a](../CONTRIBUTING.md#rules)", "[a](contributing.md#rules)"),
        ("mappings/fhir.md", "[a](../schema.md)", "[a](../schema.md)"),
        ("contributing.md", "[a](docs/tests.md)", "[a](tests.md)"),
        ("fhir.md", "[`f`](../sql/functions.sql)", "[`f`](source/sql/functions.sql.txt)"),
        ("fhir.md", "[the cases](../tests/cases/fhir)", "the cases (`tests/cases/fhir`)"),
        ("fhir.md", "[a](https://example.org/a.md) [b](#here)", "[a](https://example.org/a.md) [b](#here)"),
        ("fhir.md", "`[a](../CONTRIBUTING.md)`", "`[a](../CONTRIBUTING.md)`"),
    ],
)
def test_links_lead_to_what_is_on_the_site(hooks: ModuleType, home: str, markdown: str, there: str) -> None:
    class Shown:
        class file:
            src_uri = home

    assert hooks.on_page_markdown(markdown, Shown, None, None) == there


def test_the_site_and_the_link_checker_give_the_same_anchors(hooks: ModuleType) -> None:
    anchors = _module("check_links").anchors
    heading = "What `is` (not) found -- in 45 CFR 164.514(b)?"
    assert anchors(f"# {heading}\n") == {hooks.slug(heading, "-")}


def test_every_page_is_in_the_navigation_once() -> None:
    listed = re.findall(r"[\w/.-]+\.md$", (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    docs = REPOSITORY / "docs"
    pages = [path.relative_to(docs).as_posix() for path in docs.rglob("*.md")]
    pages += [f"{path.relative_to(docs).with_suffix('').as_posix()}.md" for path in docs.rglob("*.ipynb")]
    assert sorted(listed) == sorted([*pages, "contributing.md", "changelog.md"])
