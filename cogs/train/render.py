"""The report of a training."""

import discord

from cogs._buttons import picture_buttons
from cogs._format import count, safe
from cogs._layout import Layout, illustrated
from cogs._learned import accuracy_words
from musicrec.domain.ids import ListenerId
from musicrec.domain.picture import Picture
from musicrec.domain.report import Report
from musicrec.services import ModelPicture

_MAX_NOTICES = 5


def report_layout(
    report: Report, picture: Picture, listener_id: ListenerId
) -> tuple[Layout, discord.File]:
    """Show the winner in words, the comparison as a picture and as text, and what else there is."""
    ratings = count(report.n_likes + report.n_dislikes, "rating")
    constant = "like" if report.n_likes >= report.n_dislikes else "dislike"
    words = accuracy_words(report.best.metrics.accuracy, report.baseline.accuracy, constant)
    headline = f"### Learned from {ratings}\n{_choice(report)} {words}"
    notices = "\n".join(f"-# {safe(notice, 200)}" for notice in report.notices[:_MAX_NOTICES])
    return illustrated(
        headline,
        picture,
        filename="training.png",
        footer=notices,
        buttons=picture_buttons("train", ModelPicture.REPORT, listener_id),
    )


def _choice(report: Report) -> str:
    """Say which way of learning was kept; it need not be the one with the highest figure."""
    kept, n = report.best, len(report.results)
    rivals = [result for result in report.results if result.stopped_after is None]
    if kept.metrics.roc_auc >= max(result.metrics.roc_auc for result in rivals):
        return f"Of {n} ways to learn, **{kept.title}** did best."
    return f"I keep **{kept.title}**: none of the {n - 1} others is clearly better."
