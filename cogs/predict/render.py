"""A prediction as a card."""

from cogs._buttons import EMOJI, label_buttons
from cogs._cards import song_container
from cogs._format import count, percent, safe
from cogs._layout import Layout, text
from cogs._leaning import leaning_words
from cogs._learned import accuracy_words, told_words
from musicrec.domain.guess import EVEN_CHANCE
from musicrec.domain.reasons import Reason
from musicrec.services import Prediction

_RANGE = "For four songs in five the true chance lies in such a range."


def prediction_layout(prediction: Prediction) -> Layout:
    """Show the chance and its range, the reasons, how far to trust them, and the song to rate."""
    said = prediction.explanation
    lines = [f"## {percent(said.p_like)} that you like it"]
    if said.interval is not None:
        low, high = map(percent, said.interval)
        lines.append(f"Likely between {low} and {high}.")
    if prediction.own_label is not None:
        told = told_words(prediction.told, prediction.own_label)
        lines.append(f"You rated it {EMOJI[prediction.own_label]} yourself. {told}".rstrip())
    return Layout(
        text("\n".join([*lines, *_reasons(prediction)])),
        text(f"-# {_basis(prediction)}"),
        song_container(prediction.track, label_buttons(prediction.track.id)),
    )


def _reasons(prediction: Prediction) -> list[str]:
    """Say what speaks for and against, the side of the chance first."""
    said = prediction.explanation
    sides = [("For", said.reasons.for_), ("Against", said.reasons.against)]
    if said.p_like < EVEN_CHANCE:
        sides.reverse()
    lines = [f"**{side}:** {_listed(reasons)}" for side, reasons in sides if reasons]
    if lines or not prediction.algorithm_title:
        return lines
    return ["Nothing about this song stands out to me."]


def _listed(reasons: tuple[Reason, ...]) -> str:
    return " · ".join(safe(reason.words, 200) for reason in reasons)


def _basis(prediction: Prediction) -> str:
    if prediction.leaning is not None:
        return leaning_words(prediction.leaning)
    words = accuracy_words(prediction.accuracy, prediction.baseline_accuracy)
    source = f"{count(prediction.n_labels, 'rating')}, by {prediction.algorithm_title}"
    interval = _RANGE if prediction.explanation.interval is not None else ""
    return f"From {source}. {words} {interval}".rstrip()
