"""A prediction as a card."""

from cogs._buttons import EMOJI, label_buttons
from cogs._cards import song_container
from cogs._format import count, percent, safe
from cogs._layout import Layout, text
from cogs._leaning import leaning_words
from cogs._learned import accuracy_words, told_words
from musicrec.services import Prediction


def prediction_layout(prediction: Prediction) -> Layout:
    """Show the chance, the reasons, how far to trust them, and the song to rate."""
    lines = [f"## {percent(prediction.p_like)} that you like it"]
    if prediction.own_label is not None:
        told = told_words(prediction.told, prediction.own_label)
        lines.append(f"You rated it {EMOJI[prediction.own_label]} yourself. {told}".rstrip())
    lines += [f"- {safe(reason, 200)}" for reason in prediction.reasons]
    return Layout(
        text("\n".join(lines)),
        text(f"-# {_basis(prediction)}"),
        song_container(prediction.track, label_buttons(prediction.track.id)),
    )


def _basis(prediction: Prediction) -> str:
    if prediction.leaning is not None:
        return leaning_words(prediction.leaning)
    words = accuracy_words(prediction.accuracy, prediction.baseline_accuracy)
    return f"From {count(prediction.n_labels, 'rating')}, by {prediction.algorithm_title}. {words}"
