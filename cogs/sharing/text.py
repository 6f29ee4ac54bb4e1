"""What sharing means, in plain words."""

from typing import Final

from cogs._comparing_text import CONSENT

ON: Final = (
    "### You share your taste on this server\n"
    "While other people here have few ratings of their own, my guesses for them may lean on how "
    "you rate, together with at least one other person who shares. What three or more of you like "
    "on average may be drawn beside somebody's own likes. Nobody sees your ratings or your name.\n"
    "/share off ends it at once. /privacy delete does too."
)
OFF: Final = (
    "You do not share your taste on this server any more. From now on nobody's guesses lean on "
    "your ratings; I kept no copy of what they taught."
)
NEVER_ON: Final = "You do not share your taste on this server; nothing has changed."
STATUS_OFF: Final = (
    "You do not share your taste on this server: your ratings teach me about you alone. With "
    "/share on, my guesses for people here with few ratings may lean on how you rate. Nobody "
    "would see your ratings or your name, and /share off ends it at once."
)

COMPARABLE: Final = f"### People on this server may compare with you\n{CONSENT}"
NOT_COMPARABLE: Final = (
    "Nobody on this server can compare with you, until you agree with /share on and “People here "
    "may compare with me”."
)
NOT_COMPARABLE_ANY_MORE: Final = (
    "Nobody on this server can compare with you any more; nothing was kept of earlier answers."
)
