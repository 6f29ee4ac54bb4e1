"""Heavy work as plain functions, for the process pool."""

from musicrec.domain.report import Report
from musicrec.taste.learning import train
from musicrec.taste.model_file import dump_model
from musicrec.taste.training_set import TrainingSet


def train_job(training: TrainingSet, seed: int) -> tuple[bytes, Report]:
    """Train a model on one core; return its bytes and report."""
    model = train(training, seed=seed)
    return dump_model(model), model.report
