"""What was fitted, as the members of a model's file."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from musicrec.taste.blend import N_MEMBERS, Blend, Mixture
from musicrec.taste.expert import N_STATISTICS, Expert, record_of
from musicrec.taste.fit import Fitted, Link
from musicrec.taste.kernel import KernelModel
from musicrec.taste.learn import Learned
from musicrec.taste.offsets import Offsets
from musicrec.taste.pipeline_file import dump_pipeline, load_pipeline
from musicrec.taste.trees_file import dump_trees, load_trees

PIPELINE: Final = "pipeline.skops"
FOREST: Final = "forest.json"
BOOSTING: Final = "boosting.json"
EXPERT: Final = "expert.json"


def dump_parts(learned: Learned) -> dict[str, bytes]:
    """Return the large parts by member name."""
    if isinstance(learned, Blend):
        parts = {FOREST: dump_trees(learned.forest), BOOSTING: dump_trees(learned.boosting)}
        expert = learned.expert
        return parts if expert is None else {**parts, EXPERT: dump_trees(expert.trees)}
    return {PIPELINE: dump_pipeline(learned.pipeline)}


def describe(learned: Learned) -> dict[str, Any]:
    """Return the small parts, for the manifest."""
    if isinstance(learned, Blend):
        return {
            "weights": list(learned.mixture.weights),
            "intercept": learned.mixture.intercept,
            "kernel": learned.kernel.to_json(),
            "offsets": dict(learned.offsets.by_artist),
            "expert": _describe_expert(learned.expert),
        }
    return {"link": [learned.link.slope, learned.link.intercept]}


def load_parts(
    small: Mapping[str, Any], members: Mapping[str, bytes], counts: tuple[int, int]
) -> Learned:
    """Reverse ``dump_parts`` and ``describe``.

    Args:
        small: From the manifest.
        members: By name.
        counts: Likes and dislikes that were learned from.

    Raises:
        ModelFormatError: A member is unreadable.
        KeyError, TypeError, ValueError, AttributeError: The parts are not those of a model.
    """
    if PIPELINE in members:
        slope, intercept = small["link"]
        link = Link(float(slope), float(intercept))
        return Fitted(load_pipeline(members[PIPELINE]), link, *counts)
    weights = tuple(float(weight) for weight in small["weights"])
    offsets = {str(artist): float(offset) for artist, offset in small["offsets"].items()}
    forest, boosting = load_trees(members[FOREST]), load_trees(members[BOOSTING])
    kernel = KernelModel.from_json(small["kernel"])
    n_columns = {forest.num_features(), boosting.num_features()}
    expert = _load_expert(small.get("expert"), members)
    if expert is not None:
        n_columns.add(expert.trees.num_features() - 1 - N_STATISTICS)
    beyond = kernel.columns.max(initial=-1) >= min(n_columns)
    if len(weights) != N_MEMBERS or len(n_columns) > 1 or beyond:
        msg = "The parts of the blend do not fit together."
        raise ValueError(msg)
    mixture = Mixture(weights, float(small["intercept"]))
    return Blend(forest, boosting, kernel, mixture, Offsets(offsets), expert, *counts)


def _describe_expert(expert: Expert | None) -> dict[str, Any] | None:
    if expert is None:
        return None
    records = {artist: list(record) for artist, record in expert.records.items()}
    return {"records": records, "rate": expert.rate, "weight": expert.weight}


def _load_expert(small: Mapping[str, Any] | None, members: Mapping[str, bytes]) -> Expert | None:
    if small is None:
        return None
    records = {str(artist): record_of(sums) for artist, sums in small["records"].items()}
    rate, weight = float(small["rate"]), float(small["weight"])
    finite = np.isfinite(list(records.values())).all()
    if not (records and finite and 0 < rate < 1 and 0 <= weight <= 1):
        msg = "The expert on known artists makes no sense."
        raise ValueError(msg)
    return Expert(load_trees(members[EXPERT]), records, rate, weight)
