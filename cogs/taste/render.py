"""A taste profile and a scoreboard."""

import discord

from cogs._buttons import picture_buttons, start_rating_button
from cogs._format import count
from cogs._layout import Layout, illustrated, sentence
from cogs._learned import accuracy_words
from cogs.taste.text import score_headline
from musicrec.domain.ids import ListenerId
from musicrec.domain.picture import Picture
from musicrec.services import ScoreboardView, TasteView


def taste_layout(
    view: TasteView, picture: Picture, listener_id: ListenerId, accepted: str = ""
) -> tuple[Layout, discord.File]:
    """Show the profile as picture and text, how well it is understood, and what else there is.

    ``accepted`` says what became of what was recommended.
    """
    profile = view.profile
    counts = f"{count(view.n_labels, 'rating')}: {profile.n_likes} 👍, {profile.n_dislikes} 👎."
    lean = f" You lean {', '.join(profile.lean_words)}." if profile.lean_words else ""
    constant = "like" if profile.n_likes >= profile.n_dislikes else "dislike"
    words = accuracy_words(view.accuracy, view.baseline_accuracy, constant)
    headline = f"### Your taste\n{counts}{lean} {words}".rstrip()
    if view.n_hints:
        hinted = count(view.n_hints, "song", "songs")
        headline += f"\n-# {hinted} from your Spotify count as probably liked, less than a rating."
    if accepted:
        headline += f"\n-# {accepted}"
    return illustrated(
        headline,
        picture,
        filename="taste.png",
        buttons=picture_buttons("taste", "profile", listener_id),
    )


def nothing_rated() -> Layout:
    """Say that there is nothing to show before the first rating."""
    return sentence("You have not rated a song yet.", start_rating_button())


def scoreboard_layout(view: ScoreboardView, picture: Picture) -> tuple[Layout, discord.File]:
    """Show the score in words, as a picture and as text."""
    return illustrated(score_headline(view), picture, filename="scoreboard.png")
