"""Fitted trees as JSON, and back: checked before xgboost sees them.

xgboost trusts a model's indices and would read outside of its arrays where they are wrong, so that
every index is checked here first.
"""

# xgboost's types are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
from typing import Any, Final

import numpy as np
import xgboost

from musicrec.domain.errors import ModelFormatError
from musicrec.taste.boosting import Trees

_LEAF: Final = -1
_STATISTICS: Final = ("base_weights", "loss_changes", "sum_hessian")
"""What training found on the way; predictions do without."""

_PER_NODE: Final = (
    *_STATISTICS,
    "default_left",
    "left_children",
    "parents",
    "right_children",
    "split_conditions",
    "split_indices",
    "split_type",
)
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
        _require_sound(json.loads(blob)["learner"])
        trees = xgboost.Booster(model_file=bytearray(blob))
        trees.set_param({"nthread": 1})
    except _UNREADABLE as error:
        msg = "The model's trees cannot be read by this version; train a new model."
        raise ModelFormatError(msg) from error
    return trees


def _require_sound(learner: dict[str, Any]) -> None:
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
    for tree in model["trees"]:
        _require_sound_tree(tree, n_columns)


def _require_sound_tree(tree: dict[str, Any], n_columns: int) -> None:
    n_nodes = int(tree["tree_param"]["num_nodes"])
    _require(tree["tree_param"]["size_leaf_vector"] in ("0", "1"))
    _require(int(tree["tree_param"]["num_feature"]) == n_columns)
    _require(n_nodes > 0 and all(len(tree[name]) == n_nodes for name in _PER_NODE))
    _require(not tree["categories"] and not any(tree["split_type"]))
    left, right = np.array(tree["left_children"]), np.array(tree["right_children"])
    leaf = (left == _LEAF) & (right == _LEAF)
    # Children come after their parent, so that there is no way round in circles.
    above = np.arange(n_nodes)
    _require(bool((leaf | ((left > above) & (left < n_nodes))).all()))
    _require(bool((leaf | ((right > above) & (right < n_nodes))).all()))
    column = np.array(tree["split_indices"])
    _require(bool((leaf | ((column >= 0) & (column < n_columns))).all()))


def _require(holds: bool) -> None:  # noqa: FBT001 -- an assertion that is never optimised away
    if not holds:
        msg = "unsound trees"
        raise ValueError(msg)
