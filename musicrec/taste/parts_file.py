"""What was fitted, as the members of a model's file."""

from collections.abc import Mapping
from typing import Any, Final

from musicrec.taste.blend import N_MEMBERS, Blend, Mixture
from musicrec.taste.fit import Fitted, Link
from musicrec.taste.kernel import KernelModel
from musicrec.taste.learn import Learned
from musicrec.taste.offsets import Offsets
from musicrec.taste.pipeline_file import dump_pipeline, load_pipeline
from musicrec.taste.trees_file import dump_trees, load_trees

PIPELINE: Final = "pipeline.skops"
FOREST: Final = "forest.json"
BOOSTING: Final = "boosting.json"


def dump_parts(learned: Learned) -> dict[str, bytes]:
    """Return the large parts by member name."""
    if isinstance(learned, Blend):
        return {FOREST: dump_trees(learned.forest), BOOSTING: dump_trees(learned.boosting)}
    return {PIPELINE: dump_pipeline(learned.pipeline)}


def describe(learned: Learned) -> dict[str, Any]:
    """Return the small parts, for the manifest."""
    if isinstance(learned, Blend):
        return {
            "weights": list(learned.mixture.weights),
            "intercept": learned.mixture.intercept,
            "kernel": learned.kernel.to_json(),
            "offsets": dict(learned.offsets.by_artist),
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
    n_columns = {forest.num_features(), boosting.num_features(), len(kernel.scaling.median)}
    if len(weights) != N_MEMBERS or len(n_columns) > 1:
        msg = "The parts of the blend do not fit together."
        raise ValueError(msg)
    mixture = Mixture(weights, float(small["intercept"]))
    return Blend(forest, boosting, kernel, mixture, Offsets(offsets), *counts)
