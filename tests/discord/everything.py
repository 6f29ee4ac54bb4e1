"""An example of every command, component and window; what is new fails until it has one."""

from collections.abc import Mapping
from typing import Any, Final

import discord

from cogs._components import PersistentSelect
from tests.discord.owner_town import MARK, Owner
from tests.discord.playlist_town import a_file
from tests.discord.strangers import components
from tests.discord.town import Town

EXAMPLES: Final = {
    "AllowComparingButton": "together:v1:allow:1",
    "BlendPageButton": "blend:v1:page:1:1:0",
    "CorrectionSelect": "correct:v1:song:ffff",
    "CorrectionsPageButton": "corrections:v1:page:0",
    "DeleteDataButton": "privacy:v1:delete",
    "DuelButton": "duel:v1:both:1:-",
    "EditDecideButton": "edit:v1:undo:1",
    "EditPageButton": "edit:v1:page:1:0",
    "EditTickButton": "edit:v1:on:1:0:3",
    "EndSharingButton": "privacy:v1:unshare",
    "EnterTokenButton": "link:v1:listenbrainz",
    "ExchangeVerdictsButton": "listenbrainz:v1:send",
    "HintsButton": "hints:v1:forget",
    "LabelButton": "label:v1:dislike:1:song:ffff",
    "MadeAgainButton": "made:v1:again:1:1:spotify",
    "MadeFileButton": "made:v1:file:1",
    "MadePageButton": "made:v1:page:1:1:0",
    "MadeSendButton": "made:v1:send:1:1:listenbrainz",
    "PasteAddressButton": "link:v1:paste",
    "PlaceButton": "explore:v1:to:-:SE:50",
    "RateButton": "rate:v1:dislike:1:-:song:ffff",
    "RewindButton": "rewind:v1:1",
    "StartRatingButton": "rate:v1:start",
    "TakeBackButton": "uncorrect:v1:one:1:0",
    "TakeBackSaidButton": "uncorrect:v1:said:1",
    "TastePictureButton": "taste:v1:profile:1",
    "TrainPictureButton": "train:v1:report:1",
    "UndoButton": "undo:v1:-:song:ffff",
    "UndoDuelButton": "undo-duel:v1:1:-",
    "WeekKeepButton": "week:v1:keep:1",
    "WeekLookButton": "week:v1:look:1:0",
    "WeekPageButton": "week:v1:page:1:0",
    "WhereButton": "explore:v1:where:new:50",
}
"""A custom id of every component; the numbers of people are put into it."""
MORE: Final = {
    "DeleteDataButton": ["privacy:v1:keep"],
    "EditDecideButton": ["edit:v1:make:1", "edit:v1:drop:1"],
    "EditTickButton": ["edit:v1:off:1:0:all"],
    "ExchangeVerdictsButton": ["listenbrainz:v1:take"],
    "HintsButton": ["hints:v1:take"],
    "LabelButton": ["label:v1:like:1:song:ffff"],
    "RewindButton": ["rewind:v1:keep"],
    "TastePictureButton": ["taste:v1:radar:1", "taste:v1:map:1", "taste:v1:matters:1"],
    "TrainPictureButton": ["train:v1:sure:1", "train:v1:curve:1", "train:v1:matters:1"],
    "WhereButton": ["explore:v1:where:here:50"],
}
"""Other words of a grammar that do something else."""

OWNER: Final = object()
FILE: Final = object()
OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "blend": {"user1": OWNER},
    "bridge": {"first": OWNER, "second": OWNER},
    "explore": {"genre": "rock"},
    "playlist doctor": {"list": "here:{kept}"},
    "playlist export": {"list": "here:{kept}"},
    "playlist make": {"list": "here:{kept}"},
    "playlist prune": {"list": MARK},
    "playlist sort": {"file": FILE},
    "playlist undo": {"edit": "{edit}"},
    "predict": {"song": MARK},
    "rate": {"mode": "duel"},
    "recommend": {"n": 3, "share": True},
    "settings digest": {},
    "settings links": {},
    "settings quiet": {},
    "settings songs": {},
    "share off": {},
    "share on": {},
    "song add": {"song": f"{MARK} - {MARK}"},
    "song post": {"song": MARK},
    "song search": {"text": MARK},
    "taste compare": {"user": OWNER},
    "taste rewind": {"when": 60},
    "unlink": {"account": "Spotify"},
    "weekly history": {"search": MARK},
    "weekly on": {"time_zone": "UTC", "day": 1},
    "weekly quiet": {"begin": "22", "end": "8", "time_zone": "UTC"},
}
"""Options of every command that has any, which ask for what is the owner's."""
WINDOWS: Final = {
    "link:v1:pasted": "http://127.0.0.1/callback?code=x&state=y",
    "link:v1:token": "x",
}


def item_of(town: Town, name: str, custom_id: str, owner: Owner) -> discord.ui.Item[Any]:
    """Make a component that may be forged."""
    _, kind = components(town.env.bot)[name]
    if not issubclass(kind, PersistentSelect):
        return discord.ui.Button[Any](label="x", custom_id=custom_id)
    values = [f"song:{owner.track}", "say:fast", "say:artist", "say:nonsense"]
    options = [discord.SelectOption(label=value, value=value) for value in values]
    return discord.ui.Select(custom_id=custom_id, options=options, max_values=len(values))


def options_of(town: Town, owner: Owner, name: str) -> dict[str, Any]:
    """Return the options with which a command asks for what is the owner's."""
    return {key: _value(town, owner, one) for key, one in OPTIONS.get(name, {}).items()}


def _value(town: Town, owner: Owner, value: Any) -> Any:
    if value is OWNER:
        return owner.member.user
    if value is FILE:
        return a_file(town)
    return value.format(**owner.numbers) if isinstance(value, str) else value
