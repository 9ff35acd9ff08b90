"""The parser of FHIRPath: what binds tighter, what a text means, where a mistake is."""

from __future__ import annotations

import pytest

from harmonize.engine.errors import InputError
from harmonize.mapping.views.fhirpath import Binary, Call, Index, Literal, Member, Node, Unary, Variable, parse


def shown(node: Node) -> str:
    """The tree with all its brackets."""
    match node:
        case Literal(type=kind, value=value):
            return f"{kind}:{value}"
        case Variable(name=name):
            return name
        case Member(base=base, name=name):
            return f"{shown(base)}.{name}" if base else name
        case Call(base=base, name=name, args=args):
            call = f"{name}({', '.join(map(shown, args))})"
            return f"{shown(base)}.{call}" if base else call
        case Index(base=base, index=index):
            return f"{shown(base)}[{shown(index)}]"
        case Unary(operator=operator, operand=operand):
            return f"({operator} {shown(operand)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({shown(left)} {operator} {shown(right)})"
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a or b and c = d", "(a or (b and (c = d)))"),
        ("a implies b or c", "(a implies (b or c))"),
        ("a = b and c != d", "((a = b) and (c != d))"),
        ("a < b = c", "((a < b) = c)"),
        ("a + b * c - d", "((a + (b * c)) - d)"),
        ("a & b + c", "((a & b) + c)"),
        ("a div b mod c", "((a div b) mod c)"),
        ("-a.b + c", "((- a.b) + c)"),
        ("a | b = c", "((a | b) = c)"),
        ("a as Quantity > b", "((a as Quantity) > b)"),
        ("a.b(c, d)[0].e", "a.b(c, d)[integer:0].e"),
        ("a.contains(b) and contains", "(a.contains(b) and contains)"),
        ("($this)", "$this"),
        ("%`a b` = %c", "(%a b = %c)"),
        ("`a b`.c", "a b.c"),
        (r"'a\'b\n\u00e9\\'", "string:a'b\né\\"),
        ("1 + 1.50", "(integer:1 + decimal:1.50)"),
        ("true and {}", "(boolean:true and None:{})"),
        ("@2020", "date:2020"),
        ("@2020-01-31T", "dateTime:2020-01-31"),
        ("@2020-01-31T10:00:00.5+01:00", "dateTime:2020-01-31T10:00:00.5+01:00"),
        ("@T10:00", "time:10:00"),
        ("a // rest\n .b /* more */ .c", "a.b.c"),
    ],
)
def test_tree(text: str, tree: str) -> None:
    assert shown(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "at character 1 stands 'the end'"),
        ("a..b", "at character 3 stands '.'"),
        ("a.where(b", "at character 10 stands 'the end' and not ','"),
        ("a b", "at character 3 stands 'b' and not an operator or the end"),
        ("a[0", "not ']'"),
        ("a = ", "at character 5"),
        ("'open", "at character 1"),
        ("a ? b", "'?' at character 3"),
        ("@2020-1", "a date such as"),
        ("{a}", "not '}'"),
    ],
)
def test_mistake(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        parse(text)
    assert message in error.value.message
