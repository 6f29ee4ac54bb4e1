"""One listener's fitted taste."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.features import ARTISTS
from musicrec.domain.reasons import Explanation
from musicrec.domain.report import Report
from musicrec.taste.blend import Blend
from musicrec.taste.columns import clean_features
from musicrec.taste.credits import Credits, credits_of
from musicrec.taste.encode import Encoded, Encoding, Floats, Labels
from musicrec.taste.intervals import interval_around
from musicrec.taste.learn import Learned, log_odds_of, probabilities_of
from musicrec.taste.reasons import explain
from musicrec.taste.song_identity import rows_known
from musicrec.taste.tallies import Tallies
from musicrec.taste.threshold import definite_dislike_threshold
from musicrec.taste.typical import Typical

MOST_REASONS: Final = 3


@dataclass(frozen=True, eq=False)
class TasteModel:
    """Gives songs the probability that its listener likes them.

    Attributes:
        report: The comparison that chose the algorithm.
        algorithm: ``"blend"`` or the key of an algorithm.
        encoding: From songs to columns.
        fitted: From encoded songs to probabilities.
        typical: What is usual among the rated songs.
        tallies: Their counts by artist and genre; none in models of older programs.
        out_of_fold: Probability of every rated song by models that did not learn from it.
        liked: The verdicts, in the order of ``out_of_fold``.
        fingerprints: Hashes that recognise the labelled songs, hints (``taste.hints``) included;
            True for those that the listener said to like.
    """

    report: Report
    algorithm: str
    encoding: Encoding
    fitted: Learned
    typical: Typical
    tallies: Tallies
    out_of_fold: Floats
    liked: Labels
    fingerprints: Mapping[str, bool]

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Columns of the song table that it sees."""
        return self.encoding.feature_names

    @property
    def artists(self) -> tuple[str, ...]:
        """Keys of the artists about whom it has an opinion beyond how they sound."""
        return tuple(self.fitted.offsets.by_artist) if isinstance(self.fitted, Blend) else ()

    @property
    def n_labels(self) -> int:
        """Verdicts that it learned from."""
        return self.fitted.n_labels

    @property
    def n_known(self) -> int:
        """As many songs as it ``knows``, or more."""
        return len(self.fingerprints)

    def predict(self, songs: pd.DataFrame) -> Floats:
        """Return the probability of a like for every song, in [0, 1], in row order.

        Missing columns and values are fine, unknown columns are ignored.
        """
        matrix = self.encoding.matrix(clean_features(songs))
        return probabilities_of(self.fitted, Encoded(matrix, credits_of(songs)))

    def intervals(self, songs: pd.DataFrame) -> tuple[Floats, Floats]:
        """Return the ends of every song's 80 % interval, each of shape ``(n_songs,)``, in [0, 1].

        Of simulated listeners, four of five songs have their true probability inside. It is about
        the listener's true chance of liking the song, which is mostly near 0 or 1, so that an even
        prediction from few labels has an interval of nearly everything. It is a rule of thumb for
        songs like the labelled ones; strange songs may lie outside more often.
        """
        return interval_around(self.predict(songs), self.fitted.n_likes, self.fitted.n_dislikes)

    def explain(self, songs: pd.DataFrame, *, most: int = MOST_REASONS) -> list[Explanation]:
        """Return every song's probability, its interval, and up to ``most`` reasons a side.

        Reasons are faithful: with the listener's typical value in a feature's place, with no
        genre, or with a stranger in the artist's place the probability is lower where the reason
        was for a like, and higher where it was against; a song may have none. Costs the prediction
        of some 15 songs for each: meant for shortlists.
        """
        if not len(songs):
            return []
        clean = clean_features(songs)
        if ARTISTS in songs:
            clean[ARTISTS] = songs[ARTISTS].to_numpy(dtype=object)
        p_like = probabilities_of(self.fitted, self.encoding.encode(clean))
        reasons = explain(clean, self._log_odds, self.typical, self.tallies, most=most)
        low, high = interval_around(p_like, self.fitted.n_likes, self.fitted.n_dislikes)
        intervals = zip(low.tolist(), high.tolist(), strict=True)
        explained = zip(p_like.tolist(), reasons, intervals, strict=True)
        return [Explanation(*said) for said in explained]

    def definite_dislike_threshold(self, precision: float) -> float | None:
        """Return the largest t such that songs with p_like <= t are disliked that reliably.

        Decided on the out-of-fold probabilities of the labelled songs: at least 10 of them lie at
        or below t, t is below 0.5, and both the lower end of the one-sided 95 % Wilson interval of
        their share of dislikes and the share that the probabilities expect reach ``precision``.
        None where the labels cannot support it.

        Raises:
            BadInputError: ``precision`` is not in (0, 1].
        """
        return definite_dislike_threshold(self.out_of_fold, self.liked, precision)

    def knows(self, songs: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which songs were labelled (hints, too), by track id or title and main artist."""
        return rows_known(songs, self.fingerprints)

    def likes(self, songs: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which songs the listener said to like, recognised as in ``knows``."""
        liked = {name for name, is_liked in self.fingerprints.items() if is_liked}
        return rows_known(songs, liked)

    def _log_odds(self, clean: pd.DataFrame, credits_: Credits) -> Floats:
        return log_odds_of(self.fitted, Encoded(self.encoding.matrix(clean), credits_))
