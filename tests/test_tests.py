"""The tests themselves: each asserts something, and none asks the clock, the machine or chance."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
CHECKS = {"raises", "warns", "fail"}
"""What of pytest checks something."""
CLOCK = {"time", "monotonic", "perf_counter", "process_time", "sleep", "timeit", "now", "utcnow", "today"}
UNSEEDED = {"random", "randint", "randrange", "choice", "choices", "shuffle", "sample", "uniform", "uuid1", "uuid4",
            "urandom", "token_hex", "token_bytes"}  # fmt: skip
MAY_ASK = {
    "chance.py": "settings",
    "fuzzing.py": "time, SystemRandom, settings",
    "canaries.py": "time",
    "mutate/mutate.py": "time",
    "mutate/used_statements.py": "time",
    "test_chance.py": "settings",
    "validation/test_boundaries.py": "today",
}
"""Files that rule chance and time for `make fuzz`, and are no tests; rules about the future compare with today."""


@dataclass(eq=False)
class File:
    """One file below tests/: its functions (methods by their own name), and what it imports from others."""

    path: Path
    tree: ast.Module
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return str(self.path.relative_to(TESTS))


@cache
def files() -> dict[str, list[File]]:
    """The files by the name under which they are imported."""
    found: dict[str, list[File]] = {}
    for path in sorted(TESTS.rglob("*.py")):
        found.setdefault(path.stem, []).append(parsed(path, path.read_text()))
    return found


def parsed(path: Path, text: str) -> File:
    file = File(path, ast.parse(text))
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef):
            file.functions[node.name] = node
        elif isinstance(node, ast.ImportFrom) and node.module:
            file.modules.add(node.module)
            file.imported.update({alias.asname or alias.name: (node.module, alias.name) for alias in node.names})
        elif isinstance(node, ast.Import):
            file.modules.update(alias.name for alias in node.names)
    return file


def every_file() -> list[File]:
    return [file for several in files().values() for file in several]


def asserts(file: File, function: ast.FunctionDef, seen: frozenset[ast.FunctionDef] = frozenset()) -> bool:
    """Whether a function, or one of the tests' own that it calls or hands on, asserts something."""
    fetched = _fetched(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Assert) and not _says_little(node.test, fetched):
            return True
        if (
            isinstance(node, ast.Attribute)
            and node.attr in CHECKS
            and isinstance(node.value, ast.Name)
            and node.value.id == "pytest"
        ):
            return True
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            for other, called in definitions(file, node.id):
                if called not in seen | {function} and asserts(other, called, seen | {function}):
                    return True
    return False


def _fetched(function: ast.FunctionDef) -> set[str]:
    """Names of rows as fetchone() gives them."""
    return {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and ast.unparse(node.value).endswith(".fetchone()")
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _says_little(test: ast.expr, fetched: set[str]) -> bool:
    """Whether an assertion only helps a reader or a type checker: x is not None, callable(x), a row that was fetched.

    A row is a tuple, which is true whatever it holds.
    """
    match test:
        case ast.Compare(ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return True
        case ast.Call(func=ast.Name(id="callable" | "isinstance" | "hasattr")):
            return True
        case ast.Name(id=name):
            return name in fetched
    return False


def definitions(file: File, name: str) -> Iterator[tuple[File, ast.FunctionDef]]:
    """Where a name that a file uses is defined in the tests."""
    if name in file.functions:
        yield file, file.functions[name]
    elif name in file.imported:
        module, original = file.imported[name]
        for other in files().get(module.rpartition(".")[2], ()):
            if original in other.functions:
                yield other, other.functions[original]


def faults(file: File) -> Iterator[str]:
    """What is wrong with one file, each with its line."""
    for name, function in file.functions.items():
        if name.startswith("test_") and not asserts(file, function):
            yield f"{file.name}:{function.lineno}: {name} asserts nothing"
        yield from (f"{file.name}:{line}: {fault}" for line, fault in _empty_loops(function))
        decorators = [ast.unparse(decorator).partition("(")[0] for decorator in function.decorator_list]
        if "given" in decorators and "examples" not in decorators:
            yield f"{file.name}:{function.lineno}: {name} is random and does not say @examples(...)"
    for node in ast.walk(file.tree):
        for fault in _faults_of(node):
            yield f"{file.name}:{node.lineno}: {fault}"  # type: ignore[attr-defined]


def _empty_loops(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """Assertions over all of something that may be nothing, and of which the function says no more."""
    said = [node for node in ast.walk(function) if isinstance(node, ast.Assert)]
    for node in said:
        negated = isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not)
        called = node.test.operand if isinstance(node.test, ast.UnaryOp) else node.test
        match called:
            case ast.Call(func=ast.Name(id=("all" | "any") as name), args=[ast.GeneratorExp(generators=[loop, *_])]):
                names = {inner.id for inner in ast.walk(loop.iter) if isinstance(inner, ast.Name)}
                others = (inner for other in said if other is not node for inner in ast.walk(other))
                told = any(isinstance(inner, ast.Name) and inner.id in names for inner in others)
                if name == ("any" if negated else "all") and names and not told:
                    yield node.lineno, f"{name}(...) is as true over nothing; assert that there is something"


def _faults_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Assert(test=ast.Tuple()):
            yield "a tuple is always true"
        case ast.Assert(test=ast.Constant()):
            yield "a constant is asserted"
        case ast.Assert(test=ast.Compare(left=left, comparators=[right])) if ast.dump(left) == ast.dump(
            right
        ) and not any(isinstance(inner, ast.Call) for inner in ast.walk(left)):
            yield "something is compared with itself"
        case ast.Call(func=ast.Name(id="zip"), keywords=keywords) if any(
            k.arg == "strict" and isinstance(k.value, ast.Constant) and k.value.value is False for k in keywords
        ):
            yield "zip(strict=False) passes over what is missing"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="random"), attr="Random"), args=[]):
            yield "random.Random() without a seed"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="random" | "uuid" | "os" | "secrets"), attr=attr)) if (
            attr in UNSEEDED
        ):
            yield f"{attr}() is another each time"
        case ast.Call(func=ast.Attribute(attr=attr)) if attr in CLOCK and ast.unparse(node.func).startswith(
            ("time.", "datetime.", "dt.", "date.", "timeit.")
        ):
            yield f"{ast.unparse(node.func)} asks the clock"
        case ast.ImportFrom(module="time" | "timeit" | "secrets"):
            yield f"from {node.module} import"
        case ast.ImportFrom(module="hypothesis", names=names) if any(n.name in ("settings", "seed") for n in names):
            yield "the settings of random tests come from chance.py"


SOUND = """
import time
from hypothesis import given
from chance import examples
def check_that(x):
    assert x
def test_asserts():
    assert f() == f()
def test_raises():
    with pytest.raises(ValueError):
        f()
def test_calls_one_that_asserts():
    check_that(1)
def test_all():
    found = f()
    assert found
    assert all(x for x in found)
@examples(5)
@given(st.text())
def test_random(text):
    assert text
"""
UNSOUND = {
    "def test_x():\n    f()": "asserts nothing",
    "def test_x():\n    assert f() is not None": "asserts nothing",
    "def test_x():\n    assert callable(f)": "asserts nothing",
    "def test_x():\n    row = con.execute('').fetchone()\n    assert row": "asserts nothing",
    "def helper():\n    f()\ndef test_x():\n    helper()": "asserts nothing",
    "def test_x():\n    assert (f(), 3)": "a tuple",
    "def test_x():\n    assert True": "a constant",
    "def test_x():\n    assert A.b == A.b": "compared with itself",
    "def test_x():\n    assert all(x for x in f(y))": "over nothing",
    "def test_x():\n    assert not any(x for x in y)": "over nothing",
    "def test_x():\n    for a, b in zip(c, d, strict=False):\n        assert a == b": "strict=False",
    "def test_x():\n    assert time.monotonic() < 5": "the clock",
    "def test_x():\n    time.sleep(1)\n    assert f()": "the clock",
    "def test_x():\n    assert date.today() > f()": "the clock",
    "def test_x():\n    assert datetime.now() > f()": "the clock",
    "def test_x():\n    assert f(random.random())": "another each time",
    "def test_x():\n    assert f(random.Random())": "without a seed",
    "def test_x():\n    assert f(uuid.uuid4())": "another each time",
    "from hypothesis import given, settings": "chance.py",
    "@given(st.text())\ndef test_x(text):\n    assert text": "@examples",
}


def test_what_is_sound_is_not_complained_of() -> None:
    assert list(faults(parsed(TESTS / "test_x.py", SOUND))) == []


@pytest.mark.parametrize("text", UNSOUND)
def test_what_is_unsound_is_told(text: str) -> None:
    (fault,) = faults(parsed(TESTS / "test_x.py", text))
    assert UNSOUND[text] in fault


def test_every_file_is_sound() -> None:
    found = [fault for file in every_file() if file.name not in MAY_ASK for fault in faults(file)]
    assert found == []


def test_no_two_files_of_tests_have_one_name() -> None:
    """pytest takes the second of them for the first, and runs none of its tests."""
    names = Counter(path.name for path in Path(__file__).parent.rglob("test_*.py"))
    assert {name: count for name, count in names.items() if count > 1} == {}


def test_what_tests_import_from_each_other_is_one_file() -> None:
    """The folders of tests share one path: of two modules of one name, the one of the folder met first is imported."""
    imported = {module for same in files().values() for file in same for module in file.modules}
    several = {name: same for name, same in files().items() if name in imported and len(same) > 1}
    assert {name: [file.name for file in same] for name, same in several.items()} == {}
