"""Longer texts."""

from typing import Final

WELCOME: Final = (
    "### Hi! I learn what you like to hear, and find you more of it.\n"
    "1. Press 👍 or 👎 on songs, or use **/rate** for one after the other.\n"
    "2. After a few ratings, **/predict** guesses about any song and **/recommend** finds new "
    "ones.\n"
    "3. Everything is yours alone: **/taste show** says what I learned, **/privacy** what I store."
)

HELP: Final = (
    "### What I can do\n"
    "Press 👍 or 👎 on a song (or react with the same emoji). Press again to take it back, press "
    "the other one to change it. I learn from your ratings, and only for you unless you share.\n"
    "- **/rate** `genre` `mode`: rate songs one after the other, or say which of two is better\n"
    "- **/predict** `song`: would you like it, and why?\n"
    "- **/recommend** `n` `genre` `share`: songs that you will probably like; below them you can "
    "say what is off: too fast, not this genre, never this artist\n"
    "- **/explore** `genre` `country` `adventure`: songs from where you have hardly been\n"
    "- **/passport**: the countries and genres you have been to, on a map\n"
    "- **/train**: learn now, and see how well each algorithm guesses\n"
    "- **/taste show**: what your ratings say about you\n"
    "- **/taste scoreboard**: how often I guessed right before you told me\n"
    "- **/taste corrections**: what you said is off about songs I recommended, to take back\n"
    "- **/taste undo**, **/taste rewind**: take back your last rating, or go back in time\n"
    "- **/share on**, **off**, **status**: let guesses for others on a server lean on yours, too\n"
    "- **/taste compare**, **/bridge**, **/blend**: two tastes, or one playlist for up to eight; "
    "only of those who agreed\n"
    "- **/song add**: a link, a name or a file becomes a song that I know\n"
    "- **/song search**, **/song post**: find a song; show it to everybody here\n"
    "- **/settings links** `channel`: links of songs posted there become cards (for managers)\n"
    "- **/settings songs**, **digest**, **show**: a song to rate and the week's digest, by the "
    "clock (for managers)\n"
    "- **/link spotify**, **listenbrainz**, **status**, **/unlink**: your accounts elsewhere\n"
    "- **/playlist prune**, **doctor**, **sort**: go through a playlist or a file of one\n"
    "- **/playlist make**, **export**: new songs as a playlist; any list as a file\n"
    "- **/playlist undo**, **history**: take back what I did to a playlist, any time\n"
    "- **/weekly on**, **off**, **when**: a list of your own every week, when and where you like\n"
    "- **/weekly now**, **history**: what the next one would be; which week had that song\n"
    "- **/privacy show**, **export**, **delete**: what I store about you\n"
    "- **/status**: am I well?"
)
