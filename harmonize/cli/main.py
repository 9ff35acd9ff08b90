"""The command `harmonize`: its groups, and the one place where an exception becomes a sentence.

Only typer is imported here and in the modules of the groups; what a command needs is imported when it runs.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from functools import cache, partial
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from harmonize.cli import (
    ask,
    audit,
    backup,
    console,
    crosswalk,
    demo,
    diff,
    export,
    imaging,
    inspect,
    load,
    mapping,
    migrate,
    person,
    profile,
    project,
    publish,
    quality,
    query,
    release,
    schema,
    sequester,
    serve,
    submission,
    validate,
    vault,
    vocabulary,
)
from harmonize.engine.plain import is_utf8, plain
from harmonize.engine.quiet import quiet_libraries

app = typer.Typer(
    name="harmonize",
    help="Clinical data harmonization for MIDRC: contributor exports to OMOP CDM v5.4, linked to imaging.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
EXIT_FAILURE = 3
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
_debug = False


def _version(wanted: bool) -> None:
    if wanted:
        from harmonize.engine.version import __version__

        console.echo(f"harmonize {__version__}")
        raise typer.Exit


@app.callback()
def _global_options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", envvar="HARMONIZE_DEBUG", help="Show the traceback of an error.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No messages, no progress.")] = False,
) -> None:
    global _debug
    _debug = debug
    console.set_quiet(quiet)


app.command()(demo.demo)
app.command()(profile.profile)
app.command()(validate.validate)
app.command()(load.load)
app.command()(load.link)
app.add_typer(project.app, name="project")
app.add_typer(crosswalk.app, name="crosswalk")
app.add_typer(person.app, name="person")
app.command()(query.query)
app.add_typer(ask.app, name="ask")
app.command()(quality.quality)
app.command()(inspect.ledger)
app.command()(inspect.lineage)
app.command()(inspect.unmapped)
app.add_typer(submission.app, name="submission")
app.add_typer(release.app, name="release")
app.add_typer(sequester.app, name="sequester")
app.add_typer(audit.app, name="audit")
app.add_typer(vault.app, name="vault")
app.add_typer(export.app, name="export")
app.command()(diff.diff)
app.command()(migrate.migrate)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(publish.publish)
app.command()(serve.serve)
app.add_typer(vocabulary.app, name="vocabulary")
app.add_typer(imaging.app, name="imaging")
app.add_typer(mapping.app, name="mapping")
app.add_typer(schema.app, name="schema")


def main(args: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code (0, 1, 2, 3, 4 or 130)."""
    global _debug
    _debug = bool(os.environ.get("HARMONIZE_DEBUG"))
    try:
        arguments = list(sys.argv[1:] if args is None else args)
        _check_text(arguments)
        code = _command(_named(arguments))(args=arguments, prog_name="harmonize", standalone_mode=False) or 0
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_is_gone()
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # typer turns a closed pipe into an exit
            return _reader_is_gone()
        code = stop.code if isinstance(stop.code, int) else EXIT_FAILURE
    except BaseException as problem:  # noqa: BLE001 - the one handler of the command line
        return _explain(problem)
    if code == EXIT_INTERRUPTED:
        console.fail("Interrupted; nothing was committed.")
    return code


def _named(arguments: Sequence[str]) -> str | None:
    """The command or group that a command line begins with, as it is written; None where another option comes first."""
    first = next((argument for argument in arguments if argument not in ("--quiet", "-q", "--debug")), "-")
    return None if first.startswith("-") else first


@cache
def _command(name: str | None) -> Callable[..., Any]:
    """The tree of commands, with the command or group of this name alone where there is one: all of them take longer to
    make than a short command to run. Once a process."""
    command = typer.main.get_command(_only(name))
    whole: dict[str, Callable[[], None]] = {"debug": _show_tracebacks, "quiet": partial(console.set_quiet, True)}
    options = [_also_after(param, whole[param.name]) for param in command.params if param.name in whole]
    _give(getattr(command, "commands", {}).values(), options)
    return command


def _only(name: str | None) -> typer.Typer:
    """The application with the command or group of this name alone; with all where there is none."""
    part = copy(app)
    part.registered_commands = [
        one for one in app.registered_commands if one.callback and one.callback.__name__ == name
    ]
    part.registered_groups = [group for group in app.registered_groups if group.name == name]
    return part if part.registered_commands or part.registered_groups else app


def _show_tracebacks() -> None:
    global _debug
    _debug = True


def _also_after(param: Any, act: Callable[[], None]) -> Any:
    """An option of `harmonize` itself as its subcommands take it: given there, it acts as if it stood before them."""
    option = copy(param)
    option.expose_value, option.envvar, option.is_eager = False, None, True
    option.callback = lambda _context, _param, given: act() if given else None
    return option


def _give(commands: Iterable[Any], options: list[Any]) -> None:
    """Add the options to all commands below, groups included."""
    for command in commands:
        command.params = [*command.params, *options]
        _give(getattr(command, "commands", {}).values(), options)


def run() -> None:
    """The entry point of the command."""
    quiet_libraries()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that cannot show a letter is no failure
    sys.exit(main())


def _check_text(arguments: Sequence[str]) -> None:
    """Refuse a path that is not UTF-8, which Python can open and no report or table could name."""
    for argument in arguments:
        if not argument.isascii() and not is_utf8(argument):
            from harmonize.engine.errors import InputError

            raise InputError(f"{argument} is not UTF-8.", "Rename the file or folder, and give its new name.")


def _reader_is_gone() -> int:
    """`harmonize … | head` ended: the rest of the output is unwanted, which is no failure."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _explain(problem: BaseException) -> int:
    if _debug:
        sys.stderr.write(plain("".join(traceback.format_exception(problem))))
    if isinstance(problem, TyperException):
        return _explain_usage(problem)
    from harmonize.engine.errors import HarmonizeError

    if isinstance(problem, HarmonizeError):
        console.fail(problem.message, problem.hint)
        return problem.exit_code
    from harmonize.engine.translate import first_line, translate

    known = translate(problem)
    if known is not None:
        console.fail(known.message, known.hint)
        return known.exit_code
    console.fail(
        f"A failure of harmonize itself ({type(problem).__name__}): {first_line(problem)}",
        None if _debug else "Nothing was committed. Run `harmonize --debug …` and report what it shows.",
    )
    return EXIT_FAILURE


def _explain_usage(problem: TyperException) -> int:
    context = getattr(problem, "ctx", None)
    where = context.command_path if context else "harmonize"
    if type(problem).__name__ != "NoArgsIsHelpError":  # that one has printed the help already
        # What validates the choices says first that this is an error of a value.
        console.fail(problem.format_message().replace(": Value error, ", ": "), f"See {where} --help")
    return EXIT_USAGE
