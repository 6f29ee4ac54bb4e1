"""What a weekly list says about itself where it is not what it usually is."""


def note_of(*, n_songs: int, n_wanted: int, n_missing: int, n_skipped: int) -> str:
    """Return plain sentences; empty where all is as usual.

    Args:
        n_songs: Songs that the list has.
        n_wanted: Songs that were wished for.
        n_missing: Ratings that are missing for a model; 0 where there is one.
        n_skipped: Lists that were not delivered before a first one; receipts tell of others.
    """
    said: list[str] = []
    if n_missing:
        ratings = "one more rating" if n_missing == 1 else f"{n_missing} more ratings"
        said.append(
            "This is a starter week: well-known songs of many kinds, not chosen by your taste. "
            f"After {ratings} I can learn it."
        )
    if not n_songs:
        said.append(
            "There is no song left for you: you have met everything that fits. Songs come back 26 "
            "weeks after they were shown, and new ones when songs are added."
        )
    elif n_songs < n_wanted:
        number = "one song" if n_songs == 1 else f"{n_songs} songs"
        said.append(
            f"Only {number} instead of {n_wanted}: nothing else is left that fits and that you "
            "have not met lately."
        )
    if n_skipped:
        lists = "One list" if n_skipped == 1 else f"{n_skipped} lists"
        said.append(f"{lists} before this one could not be brought in time.")
    return " ".join(said)
