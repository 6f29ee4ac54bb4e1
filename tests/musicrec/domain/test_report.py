import json

from musicrec.domain.report import (
    AlgorithmResult,
    CalibrationBin,
    Confusion,
    LearningCurve,
    Metrics,
    Report,
    Settings,
)


def test_a_report_survives_json():
    metrics = Metrics(0.8, 0.7, 0.6, 0.5, 0.4, 0.9, 0.1, 0.3)
    report = Report(
        n_likes=3,
        n_dislikes=4,
        feature_names=("energy", "tempo_bpm"),
        folds=3,
        repeats=1,
        grouped_by=None,
        baseline=metrics,
        results=(AlgorithmResult("svc", "SVC", "none", metrics, 0.1),),
        confusion=Confusion(1, 2, 3, 1),
        notices=("one",),
        auto=AlgorithmResult("auto", "auto", "none", metrics, 0.1, metrics, metrics),
        new_artists=AlgorithmResult("svc", "SVC", "none", metrics, 0.1),
        baselines=(AlgorithmResult("popularity", "popularity", "none", metrics, 0.1),),
        roc=((0.0, 0.0), (1.0, 1.0)),
        calibration=(CalibrationBin(0.3, 0.4, 7),),
        learning_curve=LearningCurve((3, 7), (0.6, 0.7), 7, 0.1, 0.0, 0.2),
        settings=Settings(4, 0.4, (0.1, 0.5)),
    )
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_a_report_from_before_there_were_curves_is_read():
    names = "accuracy balanced_accuracy precision recall f1 roc_auc brier log_loss"
    metrics = dict.fromkeys(names.split(), 0.5)
    result = {"algorithm": "svc", "title": "SVC", "sampling": "none", "fit_s": 0.1}
    counts = ("true_likes", "false_likes", "true_dislikes", "false_dislikes")
    old = {
        "n_likes": 3,
        "n_dislikes": 4,
        "feature_names": ["energy"],
        "folds": 3,
        "repeats": 1,
        "grouped_by": None,
        "baseline": metrics,
        "results": [result | {"metrics": metrics}],
        "confusion": dict.fromkeys(counts, 1),
        "notices": [],
    }
    report = Report.from_json(old)
    assert report.best.metrics.calibration_error is None
    assert report.learning_curve is None
    assert report.settings is None
    assert report.roc == ()
