"""The command line's contract: exit codes, streams, one handler, a fast --help."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harmonize import __version__
from harmonize.cli import main as cli
from harmonize.cli import query as query_command
from harmonize.engine.errors import InputError, InternalError, StoreError
from harmonize.engine.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN = [sys.executable, "-c", "from harmonize.cli.main import run; run()"]
HEAVY = ("duckdb", "sqlglot", "sqlalchemy", "linkml", "linkml_runtime", "linkml_map", "openpyxl", "pydantic", "jinja2")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A store with 30,000 rows in main.t."""
    path = tmp_path / "store.duckdb"
    with open_store(path, create=True) as store, store.transaction() as con:
        con.execute("CREATE TABLE t AS SELECT range AS i FROM range(30000)")
    return path


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom harmonize.cli.main import main\ncode = main(['--help'])\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)\nsys.exit(code)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0
    assert result.stderr == "[]\n"
    assert "Clinical data harmonization" in result.stdout


@pytest.mark.parametrize(
    "command",
    [
        ["load"],
        ["link"],
        ["query"],
        ["ledger"],
        ["lineage"],
        ["unmapped"],
        ["publish"],
        ["demo"],
        ["project", "list"],
        ["project", "show"],
        ["project", "set"],
        ["submission", "list"],
        ["submission", "show"],
        ["submission", "withdraw"],
        ["crosswalk", "load"],
        ["crosswalk", "remove"],
        ["person", "withdraw"],
        ["person", "reinstate"],
        ["vocabulary", "load"],
        ["vocabulary", "status"],
        ["vocabulary", "search"],
        ["mapping", "list"],
        ["mapping", "show"],
        ["mapping", "check"],
        ["schema", "list"],
        ["schema", "show"],
        ["validate"],
    ],
)
def test_every_command_of_the_contract_has_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*command, "--help"]) == 0
    assert "Usage: harmonize " + " ".join(command) in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"harmonize {__version__}\n"
    declared = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert declared["version"] == __version__


@pytest.mark.parametrize(
    ("args", "sentence", "hint"),
    [
        (["quer"], "No such command 'quer'. Did you mean 'query'", "harmonize --help"),
        (["query", "SELECT 1"], "Missing option '--db'", "harmonize query --help"),
        (
            ["query", "SELECT 1", "--db", "x", "--format", "xml"],
            "Invalid value for '--format': 'xml' is not one of",
            "harmonize query --help",
        ),
        (["load", "none.csv", "--db", "x"], "'none.csv' does not exist", "harmonize load --help"),
        (["query", "--db", "x"], "Give either the SQL or -f FILE.", "harmonize query"),
        (["ledger", "--db", "none.duckdb"], "none.duckdb does not exist.", "harmonize vocabulary load"),
    ],
)
def test_usage_errors(
    args: list[str],
    sentence: str,
    hint: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HARMONIZE_DB", raising=False)
    assert cli.main(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    assert sentence in first
    assert second.startswith("hint: ")
    assert hint in second


def test_no_arguments_show_the_help_as_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    assert "Usage: harmonize" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("problem", "code", "lines"),
    [
        (InputError("No such file.", "Look again."), 2, ["No such file.", "hint: Look again."]),
        (InternalError("The ledger does not balance."), 3, ["The ledger does not balance."]),
        (StoreError("Locked."), 4, ["Locked."]),
        (KeyboardInterrupt(), 130, ["Interrupted; nothing was committed."]),
        (
            OSError(28, "No space left on device", "x"),
            4,
            ["There is no space left on the disk for x; nothing was committed."],
        ),
    ],
)
def test_exceptions_become_exit_codes(
    problem: BaseException,
    code: int,
    lines: list[str],
    db: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise problem

    monkeypatch.setattr("harmonize.export.query.query", broken)
    assert cli.main(["query", "SELECT 1", "--db", str(db)]) == code
    assert capsys.readouterr().err.splitlines() == lines


def test_a_bug_is_one_sentence_and_a_traceback_only_with_debug(
    db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise ZeroDivisionError("division by zero\nsecond line")

    monkeypatch.setattr("harmonize.export.query.query", broken)
    args = ["query", "SELECT 1", "--db", str(db)]
    assert cli.main(args) == 3
    sentence, hint = capsys.readouterr().err.splitlines()
    assert sentence == "A failure of harmonize itself (ZeroDivisionError): division by zero"
    assert "--debug" in hint
    assert cli.main(["--debug", *args]) == 3
    assert "Traceback" in capsys.readouterr().err
    assert cli.main([*args, "--debug"]) == 3
    assert "Traceback" in capsys.readouterr().err
    monkeypatch.setenv("HARMONIZE_DEBUG", "1")
    assert cli.main(args) == 3
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_during_a_query_exits_130(db: Path) -> None:
    """Rows that come at once say that it runs; the later ones take a minute each, in one call that hears of nothing."""
    rows = "SELECT CASE WHEN i < 200000 THEN i ELSE sleep_ms(60000 + i) END AS i FROM range(10000000) t(i)"
    command = [*RUN, "query", rows, "--db", str(db), "--format", "csv"]
    pipe = subprocess.PIPE
    hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a job in the background hears nothing of Ctrl-C
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, start_new_session=True, preexec_fn=hears
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "i\n"
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate()
    assert (process.returncode, err) == (130, "Interrupted; nothing was committed.\n")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_query_tells_what_is_to_be_loaded_again(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(db) as store, store.transaction() as con:
        con.execute("INSERT INTO harmonize.needs_reload VALUES ('B', 'its texts are screened anew.', 8)")
    args = ["query", "SELECT 1 AS a", "--db", str(db), "--format", "csv"]
    assert cli.main(args) == 0
    said = "Load the files of the project B again: its texts are screened anew.\n"
    assert capsys.readouterr() == ("a\n1\n", said)
    assert cli.main(["-q", *args]) == 0
    assert capsys.readouterr().err == ""


def test_messages_go_to_stderr_and_quiet_leaves_them_out(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = ["query", "FROM t", "--db", str(db), "--limit", "3"]
    assert cli.main(args) == 0
    out, err = capsys.readouterr()
    assert out == "i\n-\n0\n1\n2\n"
    assert err == "Only the first 3 rows are shown; allow more with --limit.\n"
    for quietly in (["--quiet", *args], [*args, "--quiet"], ["query", "-q", *args[1:]]):
        assert cli.main(quietly) == 0
        assert capsys.readouterr() == ("i\n-\n0\n1\n2\n", "")
    assert cli.main(args) == 0
    assert capsys.readouterr().err != ""


def test_every_command_takes_the_options_of_harmonize_itself() -> None:
    """Wherever people type them, -q and --debug mean the same, in groups and their commands."""

    def below(command: Any) -> Iterator[Any]:
        for one in getattr(command, "commands", {}).values():
            yield one
            yield from below(one)

    commands = list(below(cli._command(None)))
    assert len(commands) > 50
    for command in commands:
        names = [name for param in command.params for name in param.opts]
        assert all(names.count(name) == 1 for name in ("--debug", "--quiet", "-q")), command.name


def test_a_command_is_made_alone_as_it_is_among_all() -> None:
    """A command line makes only the command that it begins with: of the same options, with the same commands below."""

    def described(command: Any) -> Any:
        below = getattr(command, "commands", {})
        options = [(param.name, param.opts, param.required) for param in command.params]
        return command.name, command.help, options, {name: described(one) for name, one in below.items()}

    every = cli._command(None).commands
    assert len(every) > 25
    for name, command in every.items():
        alone = cli._command(name).commands
        assert alone.keys() == {name}
        assert described(alone[name]) == described(command)
    for arguments in (["--quiet", "load", "x"], ["-q", "--debug", "load"], ["load", "--help"]):
        assert cli._named(arguments) == "load"
    assert [cli._named(some) for some in ([], ["--help", "load"], ["--version"])] == [None, None, None]
    assert cli._command("loda").commands.keys() == every.keys(), "the nearest right name is sought among all"


def test_a_reader_that_goes_away_is_no_failure(db: Path) -> None:
    command = [*RUN, "query", "FROM t", "--db", str(db), "--format", "csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_sql_from_a_file_and_from_stdin(
    db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "count.sql"
    file.write_text("SELECT count(*) AS n -- all\nFROM t;\n")
    assert cli.main(["query", "-f", str(file), "--db", str(db), "--format", "csv"]) == 0
    with file.open() as stdin:
        monkeypatch.setattr(query_command.sys, "stdin", stdin)
        assert cli.main(["query", "-", "--db", str(db), "--format", "csv"]) == 0
    assert capsys.readouterr().out.split() == ["n", "30000", "n", "30000"]
