from typing import Any

from chance import examples
from hypothesis import given
from hypothesis import strategies as st

from harmonize.validation.fhir.shapes import Shapes

NAMES = st.text("ab_.", min_size=1, max_size=3)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


def _shapes(*resources: dict[str, Any]) -> dict[tuple[str, ...], list[int]]:
    shapes = Shapes()
    for key, resource in enumerate(resources):
        shapes.add(key, resource)
    return shapes.resources


def test_paths_are_those_of_leaves_without_indices() -> None:
    resource = {
        "id": "o1",
        "code": {"coding": [{"code": "a"}, {"system": "s", "code": "b"}], "text": "t"},
        "given": ["x", "y"],
        "_given": [None, {"extension": [{"url": "u"}]}],
        "empty": {},
        "none": [],
    }
    (paths,) = _shapes(resource)
    assert paths == (
        "_given.extension.url", "code.coding.code", "code.coding.system", "code.text", "empty", "given", "id", "none",
    )  # fmt: skip


def test_resources_with_the_same_elements_are_together() -> None:
    one = {"a": 1, "b": [{"c": 1}]}
    other = {"b": [{"c": 2}, {"c": 3}], "a": "x"}
    assert _shapes(one, {"a": 1}, other) == {("a", "b.c"): [0, 2], ("a",): [1]}


def test_what_is_nested_too_deeply_counts_as_one_element() -> None:
    deep: dict[str, Any] = {}
    for _ in range(5_000):
        deep = {"x": deep}
    assert _shapes(deep) == {("",): [0]}


def _slow(value: Any, prefix: str = "") -> set[str]:
    """The same, by the definition: walk to every leaf."""
    found = set()
    for name, part in value.items():
        name = f'"{name}"' if "." in name else name
        items = [item for item in (part if isinstance(part, list) else [part]) if isinstance(item, dict) and item]
        found |= {path for item in items for path in _slow(item, f"{prefix}{name}.")} or {f"{prefix}{name}"}
    return found


SMALL: list[Any] = [1, {}, {"a": 1}, {"b": 1}, {"a": 1, "b": 1}, {"a": {"b": 1}}, {"b": {"a": 1}}]
SMALL += [[one] for one in SMALL] + [[], [{"a": 1}, {"b": 1}], [1, {"a": 1}], {"a": [{"b": 1}]}]


def test_small_resources_that_differ_in_where_an_element_stands() -> None:
    """Every pair of small values side by side, and each alone: told apart where their paths differ."""
    resources: list[dict[str, Any]] = [{"a": one, "b": other} for one in SMALL for other in SMALL]
    resources += [{name: {"a": one}} for name in "ab" for one in SMALL]
    for key, paths in ((key, paths) for paths, keys in _shapes(*resources).items() for key in keys):
        assert paths == tuple(sorted(_slow(resources[key]))), resources[key]


@examples(100)
@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=3), max_size=4))
def test_every_resource_is_under_its_own_paths(resources: list[dict[str, Any]]) -> None:
    found = _shapes(*resources)
    assert {key: paths for paths, keys in found.items() for key in keys} == {
        key: tuple(sorted(_slow(resource))) for key, resource in enumerate(resources)
    }
