"""One listener's taste: learn it from labels, measure it, explain it, store it."""

from musicrec.taste.folds import GroupBy
from musicrec.taste.jobs import train_job
from musicrec.taste.learning import evaluate, train
from musicrec.taste.model import TasteModel
from musicrec.taste.model_file import content_hash, dump_model, load_model
from musicrec.taste.profile import build_profile
from musicrec.taste.training_set import MIN_EACH, MIN_LABELS, TrainingSet, require_enough
from musicrec.taste.trials import Progress

__all__ = [
    "MIN_EACH",
    "MIN_LABELS",
    "GroupBy",
    "Progress",
    "TasteModel",
    "TrainingSet",
    "build_profile",
    "content_hash",
    "dump_model",
    "evaluate",
    "load_model",
    "require_enough",
    "train",
    "train_job",
]
