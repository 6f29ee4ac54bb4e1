"""One listener's taste: learn it from labels, measure it, explain it, store it."""

from musicrec.taste.effects import effects_of_labels, feature_effects
from musicrec.taste.folds import GroupBy
from musicrec.taste.growth import measure_growth
from musicrec.taste.hints import PROBABLY
from musicrec.taste.learning import evaluate, train
from musicrec.taste.model import TasteModel
from musicrec.taste.model_file import content_hash, dump_model, load_model
from musicrec.taste.portrait import build_map, build_radar, liked_percentiles, mean_of_others
from musicrec.taste.profile import build_profile
from musicrec.taste.training_set import MIN_EACH, MIN_LABELS, TrainingSet, require_enough
from musicrec.taste.trials import Progress

__all__ = [
    "MIN_EACH",
    "MIN_LABELS",
    "PROBABLY",
    "GroupBy",
    "Progress",
    "TasteModel",
    "TrainingSet",
    "build_map",
    "build_profile",
    "build_radar",
    "content_hash",
    "dump_model",
    "effects_of_labels",
    "evaluate",
    "feature_effects",
    "liked_percentiles",
    "load_model",
    "mean_of_others",
    "measure_growth",
    "require_enough",
    "train",
]
