"""Say honestly when a guess leans on other people."""

from typing import Final

from cogs._format import count, percent
from musicrec.domain.sharing import Leaning

INVITATION: Final = "With /share on, guesses for others here may lean on yours, too."


def leaning_words(leaning: Leaning) -> str:
    """Say on whom it leans, how far, and for how long."""
    share = f"; your own count for {percent(leaning.own_weight)}" if leaning.n_labels else ""
    return (
        f"You have {count(leaning.n_labels, 'rating') if leaning.n_labels else 'no ratings yet'}; "
        f"this leans on {count(leaning.n_people, 'person', 'people')} on this server who opted in"
        f"{share}. {leaning.labels_to_go} more and I learn from yours alone."
    )


def invitation_words(leaning: Leaning) -> str:
    """Invite to share as well, once; empty otherwise."""
    return INVITATION if leaning.invites else ""
