"""A fitted booster as JSON, and back: checked before xgboost sees it.

xgboost trusts a model's tree indices and would read outside of its arrays where they are wrong, so
that every index is checked here first.
"""

# xgboost's types are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
from typing import Any, Final

import xgboost

from musicrec.domain.errors import ModelFormatError
from musicrec.taste.boosting import TreeBoosting

_LEAF: Final = -1
_PER_NODE: Final = (
    "base_weights",
    "default_left",
    "left_children",
    "loss_changes",
    "parents",
    "right_children",
    "split_conditions",
    "split_indices",
    "split_type",
    "sum_hessian",
)
_UNREADABLE: Final = (
    xgboost.core.XGBoostError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def dump_booster(boosting: TreeBoosting) -> bytes:
    """Write the booster of a fitted model."""
    return bytes(boosting.booster_.save_raw("json"))


def load_booster(blob: bytes) -> TreeBoosting:
    """Read a booster.

    Raises:
        ModelFormatError: The bytes are not a sound booster for two classes.
    """
    try:
        _require_sound(json.loads(blob)["learner"])
        return TreeBoosting.of_booster(xgboost.Booster(model_file=bytearray(blob)))
    except _UNREADABLE as error:
        msg = "The model's trees cannot be read by this version; train a new model."
        raise ModelFormatError(msg) from error


def _require_sound(learner: dict[str, Any]) -> None:
    boosted = learner["gradient_booster"]
    model = boosted["model"]
    n_trees = len(model["trees"])
    n_columns = int(learner["learner_model_param"]["num_feature"])
    _require(boosted["name"] == "gbtree")
    _require(learner["objective"]["name"] == "binary:logistic")
    _require(learner["learner_model_param"]["num_class"] == "0")
    _require(int(model["gbtree_model_param"]["num_trees"]) == n_trees)
    _require(model["tree_info"] == [0] * n_trees)
    _require(model["iteration_indptr"] == list(range(n_trees + 1)))
    for tree in model["trees"]:
        _require_sound_tree(tree, n_columns)


def _require_sound_tree(tree: dict[str, Any], n_columns: int) -> None:
    n_nodes = int(tree["tree_param"]["num_nodes"])
    _require(tree["tree_param"]["size_leaf_vector"] in ("0", "1"))
    _require(int(tree["tree_param"]["num_feature"]) == n_columns)
    _require(n_nodes > 0 and all(len(tree[name]) == n_nodes for name in _PER_NODE))
    _require(not tree["categories"] and not any(tree["split_type"]))
    pairs = zip(tree["left_children"], tree["right_children"], strict=True)
    for node, (left, right) in enumerate(pairs):
        # Children come after their parent, so that there is no way round in circles.
        is_leaf = left == right == _LEAF
        _require(is_leaf or (node < left < n_nodes and node < right < n_nodes))
        _require(is_leaf or 0 <= tree["split_indices"][node] < n_columns)


def _require(holds: bool) -> None:  # noqa: FBT001 -- an assertion that is never optimised away
    if not holds:
        msg = "unsound booster"
        raise ValueError(msg)
