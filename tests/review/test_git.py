"""Reviews in Git: a decision is one line of each file, and two reviewers' branches merge."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from harmonize.cli.main import main
from harmonize.engine.paths import root
from harmonize.review.check import check_reviews
from harmonize.review.decisions import read_decisions, standings
from harmonize.review.mappings import reviewed_rows

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no Git here")
ATTRIBUTES = Path(__file__).parents[2] / ".gitattributes"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A mapping in a repository of its own."""
    folder = Path(shutil.copytree(root("mappings") / "ehr" / "site_419639", tmp_path / "site"))
    shutil.copy(ATTRIBUTES, folder / ".gitattributes")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "start")
    return folder


def git(folder: Path, *arguments: str) -> str:
    names = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def decide(folder: Path, number: int, decision: str, reviewer: str) -> None:
    subject = reviewed_rows(folder)[number].subject
    command = ["mapping", "review", "decide", str(folder), subject, decision]
    assert main([*command, "--reviewer", reviewer, "--comment", "seen"]) == 0


def test_a_decision_is_one_line_in_git(site):
    decide(site, 0, "accept", "site:ben")
    commit(site, "first")
    decide(site, 1, "accept", "site:ben")
    changed = dict(reversed(line.rsplit("\t", 1)) for line in git(site, "diff", "--numstat").splitlines())
    assert changed == {"person.sssom.tsv": "1\t1", "reviews.tsv": "1\t0"}


def test_two_branches_of_reviews_merge(site):
    decide(site, 0, "accept", "site:ann")
    commit(site, "ann begins")
    git(site, "checkout", "--quiet", "-b", "ben")
    decide(site, 0, "accept", "site:ben")
    decide(site, 4, "accept", "site:ben")
    commit(site, "ben")
    git(site, "checkout", "--quiet", "main")
    decide(site, 8, "reject", "site:cy")
    decide(site, 4, "discuss", "site:cy")
    commit(site, "cy")
    git(site, "merge", "--quiet", "--no-edit", "ben")
    assert main(["mapping", "review", "step", str(site)]) == 0
    assert list(check_reviews(site)) == []
    rows = reviewed_rows(site)
    standing = standings(rows, read_decisions(site))
    assert [standing[rows[n].hash].state for n in (0, 4, 8)] == ["signed", "conflict", "discussion"]
