"""Fitted pipelines as bytes: skops, restricted to the types that ours hold, or a booster's JSON.

skops itself trusts several hundred types of scikit-learn and numpy. Here the list is closed:
every node of a file has to name one of ours, with its own loader, before anything is built.
"""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import skops.io
from sklearn.pipeline import Pipeline
from skops.io.exceptions import UntrustedTypesFoundException

from musicrec.domain.errors import ModelFormatError
from musicrec.taste.boosting import TreeBoosting
from musicrec.taste.trees_file import dump_trees, load_trees

_OBJECTS: Final = (
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn.ensemble._forest.ExtraTreesClassifier",
    "sklearn.ensemble._forest.RandomForestClassifier",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.impute._base.SimpleImputer",
    "sklearn.linear_model._logistic.LogisticRegression",
    "sklearn.linear_model._stochastic_gradient.SGDClassifier",
    "sklearn.neighbors._classification.KNeighborsClassifier",
    "sklearn.neural_network._multilayer_perceptron.MLPClassifier",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.pipeline.Pipeline",
    "sklearn.preprocessing._data.StandardScaler",
    "sklearn.preprocessing._label.LabelBinarizer",
    "sklearn.preprocessing._label.LabelEncoder",
    "sklearn.svm._classes.SVC",
    "sklearn.tree._classes.DecisionTreeClassifier",
    "sklearn.tree._classes.ExtraTreeClassifier",
)
TRUSTED_NODES: Final = frozenset(
    {
        *((name, "ObjectNode") for name in _OBJECTS),
        ("builtins.dict", "DictNode"),
        ("builtins.list", "ListNode"),
        ("builtins.str", "JsonNode"),
        ("builtins.str", "TypeNode"),
        ("builtins.tuple", "TupleNode"),
        ("numpy.dtype", "DTypeNode"),
        ("numpy.float64", "NdArrayNode"),
        ("numpy.int64", "NdArrayNode"),
        ("numpy.ndarray", "NdArrayNode"),
        ("numpy.uint64", "NdArrayNode"),
        ("numpy.random._generator.Generator", "RandomGeneratorNode"),
        ("numpy.random.mtrand.RandomState", "RandomStateNode"),
        ("sklearn._loss._loss.CyHalfBinomialLoss", "LossNode"),
        ("sklearn.tree._tree.Tree", "TreeNode"),
    }
)
"""Every type that may appear in a pipeline's file, with the skops loader that builds it."""

_JSON: Final = b"{"
_TRUSTED_TYPES: Final = sorted({name for name, _ in TRUSTED_NODES})
_UNREADABLE: Final = (
    UntrustedTypesFoundException,
    zipfile.BadZipFile,
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What skops, numpy and scikit-learn raise on content that does not fit together."""


def dump_pipeline(pipeline: Pipeline) -> bytes:
    """Write a fitted pipeline of the registry."""
    model = pipeline.steps[-1][1]
    if isinstance(model, TreeBoosting):
        return dump_trees(model.booster_)
    return skops.io.dumps(pipeline)


def load_pipeline(blob: bytes) -> Pipeline:
    """Read a fitted pipeline.

    Raises:
        ModelFormatError: The bytes are unreadable or hold anything but ``TRUSTED_NODES``.
    """
    if blob.startswith(_JSON):
        return Pipeline([("model", TreeBoosting.of(load_trees(blob)))])
    try:
        foreign = sorted(set(_nodes(_schema(blob))) - TRUSTED_NODES)
        loaded = None if foreign else skops.io.loads(blob, trusted=_TRUSTED_TYPES)
    except _UNREADABLE as error:
        msg = "The model's pipeline cannot be read by this version; train a new model."
        raise ModelFormatError(msg) from error
    if not isinstance(loaded, Pipeline):
        named = ", ".join(name for name, _ in foreign) or type(loaded).__name__
        msg = f"The model holds something that is no part of a model ({named}); it was not loaded."
        raise ModelFormatError(msg)
    return loaded


def _schema(blob: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
            msg = "compressed member"  # a small file could unpack to gigabytes
            raise zipfile.BadZipFile(msg)
        return json.loads(archive.read("schema.json"))


def _nodes(schema: Any) -> Iterator[tuple[str, str]]:
    """Walk all nodes of a skops schema as (type, loader)."""
    if isinstance(schema, dict):
        if "__class__" in schema:
            name = f"{schema.get('__module__')}.{schema['__class__']}"
            yield name, str(schema.get("__loader__"))
        for child in schema.values():
            yield from _nodes(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from _nodes(child)
