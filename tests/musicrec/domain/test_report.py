import json

from musicrec.domain.report import AlgorithmResult, Confusion, Metrics, Report


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
    )
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report
