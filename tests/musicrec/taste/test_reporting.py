import numpy as np
import pandas as pd

from musicrec.taste import TrainingSet, train


def test_few_songs_never_make_an_interval_of_nothing():
    features = np.linspace(0, 1, 12)
    songs = pd.DataFrame(
        {
            "title": [f"Song {row}" for row in range(12)],
            "energy": features,
            "liked": np.arange(12) % 2 == 0,
        }
    )
    best = train(TrainingSet.from_table(songs)).report.best
    assert best.low is not None
    assert best.high is not None
    for name in ("roc_auc", "accuracy", "recall"):
        low, high = getattr(best.low, name), getattr(best.high, name)
        assert high - low > 0.2
        assert low <= getattr(best.metrics, name) <= high
