"""The parser of FHIRPath expressions (https://hl7.org/fhirpath/N1/, the grammar of its appendix B).

It knows the whole grammar of operators, so that an operator that views do not have is refused by its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from harmonize.engine.errors import InputError

# What an expression may read beside the view's constants.
RESOURCE_VARIABLES = ("%resource", "%rootResource")
VARIABLES = (*RESOURCE_VARIABLES, "%context", "%rowIndex")


@dataclass(frozen=True)
class Node:
    """A part of an expression; `at` is its place in the text, counted from 1."""

    at: int


@dataclass(frozen=True)
class Literal(Node):
    """A constant of the text: its FHIR type and its lexical value; the type None is {}, the empty collection."""

    type: str | None
    value: str


@dataclass(frozen=True)
class Variable(Node):
    """`$this` or `%name`, with its sign."""

    name: str


@dataclass(frozen=True)
class Member(Node):
    """An element, of `base` or (None) of the context."""

    base: Node | None
    name: str


@dataclass(frozen=True)
class Call(Node):
    """A function on `base` or (None) on the context."""

    base: Node | None
    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True)
class Index(Node):
    """base[index]"""

    base: Node
    index: Node


@dataclass(frozen=True)
class Unary(Node):
    """+ or - before a number."""

    operator: str
    operand: Node


@dataclass(frozen=True)
class Binary(Node):
    """Two operands; the right one of `is` and `as` is a type name."""

    operator: str
    left: Node
    right: Node


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<datetime>@T?\d[\d:.TZ+-]*)
    |(?P<number>\d+(\.\d+)?)
    |(?P<string>'(?:[^'\\]|\\.)*')
    |(?P<variable>%(?:[A-Za-z_][\w-]*|`[^`]+`|'[^']+')|\$[A-Za-z]+)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<quoted>`(?:[^`\\]|\\.)*`)
    |(?P<sign><=|>=|!=|!~|[=~<>+\-*/&|().,\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
# From the loosest to the tightest, all left-associative.
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("implies",),
    ("or", "xor"),
    ("and",),
    ("in", "contains"),
    ("=", "~", "!=", "!~"),
    ("<=", "<", ">", ">="),
    ("|",),
    ("is", "as"),
    ("+", "-", "&"),
    ("*", "/", "div", "mod"),
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
_DATETIME = re.compile(
    r"@(?:(?P<date>\d{4}(-\d\d(-\d\d)?)?)(?P<dateTime>T(\d\d(:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?)?)?"
    r"|T(?P<time>\d\d(:\d\d(:\d\d(\.\d+)?)?)?))"
)


def parse(text: str) -> Node:
    """The expression as a tree. Raises InputError with the place of what is wrong."""
    parser = _Parser(text, _tokens(text))
    tree = parser.level(0)
    if parser.token.kind != "end":
        raise parser.wrong("an operator or the end")
    return tree


def _tokens(text: str) -> list[_Token]:
    tokens = []
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise InputError(f"{text!r} is no FHIRPath: {text[place : place + 1]!r} at character {place + 1}.")
        if found.lastgroup != "blank":
            tokens.append(_Token(str(found.lastgroup), found[0], place + 1))
        place = found.end()
    return [*tokens, _Token("end", "the end", len(text) + 1)]


def _unescaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        mark = found[1]
        return chr(int(mark[1:], 16)) if len(mark) == 5 else _ESCAPES.get(mark, mark)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", one, text, flags=re.DOTALL)


class _Parser:
    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.place = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def wrong(self, expected: str) -> InputError:
        token = self.token
        return InputError(
            f"{self.text!r} is no FHIRPath: at character {token.at} stands {token.text!r} and not {expected}."
        )

    def accept(self, *texts: str) -> _Token | None:
        token = self.token
        if token.kind in ("sign", "name") and token.text in texts:
            self.place += 1
            return token
        return None

    def expect(self, text: str) -> None:
        if self.accept(text) is None:
            raise self.wrong(repr(text))

    def level(self, number: int) -> Node:
        if number == len(_LEVELS):
            return self.polarity()
        left = self.level(number + 1)
        while (token := self.accept(*_LEVELS[number])) is not None:
            right = self.type_name() if token.text in ("is", "as") else self.level(number + 1)
            left = Binary(token.at, token.text, left, right)
        return left

    def polarity(self) -> Node:
        sign = self.accept("+", "-")
        if sign is not None:
            return Unary(sign.at, sign.text, self.polarity())
        return self.postfix(self.term())

    def postfix(self, base: Node) -> Node:
        while True:
            if (bracket := self.accept("[")) is not None:
                index = self.level(0)
                self.expect("]")
                base = Index(bracket.at, base, index)
            elif self.accept(".") is not None:
                base = self.invocation(base)
            else:
                return base

    def type_name(self) -> Node:
        name = self.invocation(None)
        return self.invocation(name) if self.accept(".") is not None else name

    def invocation(self, base: Node | None) -> Node:
        token = self.token
        if token.kind == "variable" and token.text.startswith("$") and base is None:
            self.place += 1
            return Variable(token.at, token.text)
        if token.kind not in ("name", "quoted"):
            raise self.wrong("the name of an element or a function")
        self.place += 1
        name = _unescaped(token.text[1:-1]) if token.kind == "quoted" else token.text
        if self.accept("(") is None:
            return Member(token.at, base, name)
        args: list[Node] = []
        while self.accept(")") is None:
            if args:
                self.expect(",")
            args.append(self.level(0))
        return Call(token.at, base, name, tuple(args))

    def term(self) -> Node:
        token = self.token
        if self.accept("(") is not None:
            inner = self.level(0)
            self.expect(")")
            return inner
        if self.accept("{") is not None:
            self.expect("}")
            return Literal(token.at, None, "{}")
        if token.text in ("true", "false") and token.kind == "name":
            return self.literal("boolean", token.text)
        if token.kind == "number":
            return self.literal("decimal" if "." in token.text else "integer", token.text)
        if token.kind == "string":
            return self.literal("string", _unescaped(token.text[1:-1]))
        if token.kind == "datetime":
            return self.datetime(token)
        if token.kind == "variable" and token.text.startswith("%"):
            self.place += 1
            return Variable(token.at, "%" + token.text[1:].strip("`'"))
        return self.invocation(None)

    def literal(self, kind: str, value: str) -> Literal:
        at = self.token.at
        self.place += 1
        return Literal(at, kind, value)

    def datetime(self, token: _Token) -> Literal:
        found = _DATETIME.fullmatch(token.text)
        if found is None:
            raise self.wrong("a date such as @2020-01-31 or a time such as @T12:30")
        if found["time"]:
            return self.literal("time", found["time"])
        kind = "date" if found["dateTime"] is None else "dateTime"
        return self.literal(kind, token.text[1:].removesuffix("T"))
