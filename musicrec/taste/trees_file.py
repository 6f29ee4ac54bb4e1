"""Fitted trees as JSON, and back: checked before xgboost sees them.

xgboost trusts a model's indices and would read outside of its arrays where they are wrong, so that
every index is checked here first. What passed is handed over as UBJSON (``taste.trees_binary``).
"""

# xgboost's types are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
from typing import Any, Final

import numpy as np
import xgboost

from musicrec.domain.errors import ModelFormatError
from musicrec.taste.boosting import Trees
from musicrec.taste.one_thread import one_thread
from musicrec.taste.trees_binary import Nodes, ubjson_of

_LEAF: Final = -1
_STATISTICS: Final = ("base_weights", "loss_changes", "sum_hessian")
"""What training found on the way; predictions do without."""

_OBJECTIVES: Final = ("binary:logistic", "reg:squarederror")
_UNREADABLE: Final = (
    xgboost.core.XGBoostError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def dump_trees(trees: Trees) -> bytes:
    """Write fitted trees."""
    document = json.loads(bytes(trees.save_raw("json")))
    for tree in document["learner"]["gradient_booster"]["model"]["trees"]:
        for name in _STATISTICS:
            tree[name] = [0.0] * len(tree[name])
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode()


def load_trees(blob: bytes) -> Trees:
    """Read fitted trees.

    Raises:
        ModelFormatError: The bytes are no sound trees for two kinds of labels.
    """
    try:
        document = json.loads(blob)
        nodes = Nodes.of(document["learner"]["gradient_booster"]["model"]["trees"])
        _require_sound(document["learner"], nodes)
        with one_thread():
            trees = xgboost.Booster(model_file=bytearray(ubjson_of(document, nodes)))
        trees.set_param({"nthread": 1})
    except _UNREADABLE as error:
        msg = "The model's trees cannot be read by this version; train a new model."
        raise ModelFormatError(msg) from error
    return trees


def _require_sound(learner: dict[str, Any], nodes: Nodes) -> None:
    boosted = learner["gradient_booster"]
    model = boosted["model"]
    n_trees = len(model["trees"])
    n_columns = int(learner["learner_model_param"]["num_feature"])
    rounds = model["iteration_indptr"]
    _require(boosted["name"] == "gbtree")
    _require(learner["objective"]["name"] in _OBJECTIVES)
    _require(learner["learner_model_param"]["num_class"] == "0")
    _require(int(model["gbtree_model_param"]["num_trees"]) == n_trees)
    _require(model["tree_info"] == [0] * n_trees)
    _require(rounds[0] == 0 and rounds[-1] == n_trees and rounds == sorted(rounds))
    for tree, n_nodes in zip(model["trees"], nodes.sizes, strict=True):
        _require_sound_tree(tree, n_nodes, n_columns)
    _require_sound_nodes(nodes, n_columns)


def _require_sound_tree(tree: dict[str, Any], n_nodes: int, n_columns: int) -> None:
    parameters = tree["tree_param"]
    _require(int(parameters["num_nodes"]) == n_nodes > 0)
    _require(parameters["size_leaf_vector"] in ("0", "1"))
    _require(int(parameters["num_feature"]) == n_columns)
    _require(not tree["categories"])


def _require_sound_nodes(nodes: Nodes, n_columns: int) -> None:
    left, right = nodes.numbers["left_children"], nodes.numbers["right_children"]
    leaf = (left == _LEAF) & (right == _LEAF)
    # Children come after their parent, so that there is no way round in circles.
    above = nodes.places
    n_nodes = np.repeat(nodes.sizes, nodes.sizes)
    _require(bool((leaf | ((left > above) & (left < n_nodes))).all()))
    _require(bool((leaf | ((right > above) & (right < n_nodes))).all()))
    column = nodes.numbers["split_indices"]
    _require(bool((leaf | ((column >= 0) & (column < n_columns))).all()))
    _require(not nodes.numbers["split_type"].any())


def _require(holds: bool) -> None:  # noqa: FBT001 -- an assertion that is never optimised away
    if not holds:
        msg = "unsound trees"
        raise ValueError(msg)
