"""The core: a listener's taste, the catalogue, what to play next. Knows nothing of Discord."""
