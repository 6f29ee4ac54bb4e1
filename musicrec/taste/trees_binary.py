"""Trees as UBJSON, which xgboost reads several times as fast as JSON.

What was stored as JSON is read and checked as such; only what is made here from numbers that passed
reaches xgboost. Layout: https://ubjson.org, with the typed lists that xgboost writes itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from struct import pack
from typing import Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

_INTEGERS: Final = ("left_children", "right_children", "parents", "split_indices")
_FLAGS: Final = ("default_left", "split_type")
_FLOATS: Final = ("base_weights", "loss_changes", "split_conditions", "sum_hessian")
PER_NODE: Final = (*_INTEGERS, *_FLAGS, *_FLOATS)
"""Lists of a tree with a value for each of its nodes."""

_CATEGORIES: Final = {
    "categories": b"l",
    "categories_nodes": b"l",
    "categories_segments": b"L",
    "categories_sizes": b"L",
}
_TYPED: Final = {"feature_segments": b"l", "sorted_idx": b"l"}
"""Lists that are typed although they are empty in models without categories."""
_MOST: Final = (1 << 31) - 1

_Json: TypeAlias = "bytes | str | int | list[_Json] | dict[str, _Json]"


@dataclass(frozen=True, eq=False, slots=True)
class Nodes:
    """The nodes of all trees, one tree after the other.

    Attributes:
        sizes: Nodes of every tree.
        numbers: Those of ``PER_NODE``, shape ``(sum(sizes),)``.
    """

    sizes: Sequence[int]
    numbers: Mapping[str, NDArray[Any]]

    @classmethod
    def of(cls, trees: Sequence[Mapping[str, Any]]) -> Self:
        """Take them from the trees of a JSON document.

        Raises:
            ValueError, KeyError, TypeError: Lists differ in length, or hold what they may not.
        """
        sizes = [len(tree[PER_NODE[0]]) for tree in trees]
        numbers: dict[str, NDArray[Any]] = {}
        for name in PER_NODE:
            if [len(tree[name]) for tree in trees] != sizes:
                msg = f"{name} are not one a node"
                raise ValueError(msg)
            numbers[name] = _numbers(name, [*chain.from_iterable(tree[name] for tree in trees)])
        return cls(sizes, numbers)

    @property
    def places(self) -> NDArray[np.intp]:
        """Every node's place within its tree."""
        sizes = np.array(self.sizes, dtype=np.intp)
        starts: NDArray[np.intp] = np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.arange(len(starts)) - starts


def ubjson_of(document: Mapping[str, Any], nodes: Nodes) -> bytes:
    """Spell a checked JSON document of xgboost as UBJSON.

    Args:
        document: Of trees without categories.
        nodes: Of its trees.
    """
    learner = document["learner"]
    boosted = learner["gradient_booster"]
    trees = b"".join(_trees(boosted["model"]["trees"], nodes))
    model = boosted["model"] | {"trees": _Spelt(b"[#" + _length(len(nodes.sizes)) + trees)}
    return _spelt(
        "", dict(document) | {"learner": learner | {"gradient_booster": boosted | {"model": model}}}
    )


class _Spelt(bytes):
    """A value that is UBJSON already."""


def _numbers(name: str, values: list[Any]) -> NDArray[Any]:
    numbers = np.array(values)
    kinds = "if" if name in _FLOATS else "i"
    if numbers.ndim != 1 or numbers.dtype.kind not in kinds:
        msg = f"{name} are no numbers"
        raise ValueError(msg)
    if name in _FLOATS:
        return numbers.astype(">f4")
    if len(numbers) and not -1 <= numbers.min() <= numbers.max() <= _MOST:
        msg = f"{name} are out of range"
        raise ValueError(msg)
    return numbers.astype(np.uint8 if name in _FLAGS else ">i4")


def _trees(trees: Sequence[Mapping[str, Any]], nodes: Nodes) -> Iterator[bytes]:
    """Yield every tree; its keys are in alphabetical order, as xgboost writes them."""
    none = {name: b"[$" + kind + b"#" + _length(0) for name, kind in _CATEGORIES.items()}
    lists = {name: (_kind(name), array.tobytes()) for name, array in nodes.numbers.items()}
    width = {name: array.itemsize for name, array in nodes.numbers.items()}
    ends = [*accumulate(nodes.sizes, initial=0)]
    keys = {name: _text(name) for name in sorted((*none, *PER_NODE))}
    spelt: dict[tuple[object, ...], bytes] = {}
    for number, tree in enumerate(trees):
        start, stop = ends[number], ends[number + 1]
        length = _length(stop - start)
        yield b"{"
        for name, key in keys.items():
            yield key
            if name in none:
                yield none[name]
            else:
                kind, content = lists[name]
                yield kind + length + content[start * width[name] : stop * width[name]]
        parameters = (*tree["tree_param"].items(),)
        if parameters not in spelt:
            spelt[parameters] = _text("tree_param") + _spelt("", tree["tree_param"]) + b"}"
        yield _text("id") + _spelt("", number) + spelt[parameters]


def _kind(name: str) -> bytes:
    letter = b"d" if name in _FLOATS else b"U" if name in _FLAGS else b"l"
    return b"[$" + letter + b"#"


def _spelt(name: str, value: _Json) -> bytes:
    match value:
        case _Spelt():
            return value
        case int() if not isinstance(value, bool):
            return pack(">cq", b"L", value)
        case dict():
            pairs = (_text(key) + _spelt(key, each) for key, each in value.items())
            return b"{" + b"".join(pairs) + b"}"
        case list() if name in _TYPED and not value:
            return b"[$" + _TYPED[name] + b"#" + _length(0)
        case list():
            return b"[#" + _length(len(value)) + b"".join(_spelt("", each) for each in value)
        case str():
            return b"S" + _text(value)
        case _:
            msg = f"{value!r} is no part of stored trees"
            raise ValueError(msg)


def _text(text: str) -> bytes:
    content = text.encode()
    return _length(len(content)) + content


def _length(length: int) -> bytes:
    return pack(">cq", b"L", length)
