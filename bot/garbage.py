"""When Python looks for objects that nothing reaches any more.

What a press leaves behind refers to itself in circles, and stays until somebody looks.
"""

import gc
from typing import Final

_LOOK_AFTER: Final = (20_000, 10, 5)
"""New objects, looks at these, and looks at older ones: fewer looks than by Python's own numbers,
yet each is short. Under heavy load all are looked at every minute or two."""


def settle() -> None:
    """Pass over all that was loaded until now; it stays to the end.

    Going through it took the event loop a third of a second again and again.
    """
    gc.collect()
    gc.freeze()
    # The oldest are looked at when a quarter more of them came than the last look left: this one
    # leaves hardly any, where the one above left all that was loaded.
    gc.collect()
    gc.set_threshold(*_LOOK_AFTER)
