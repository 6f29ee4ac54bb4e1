"""The core: one listener's taste, the catalogue, and what to play next. Knows nothing of Discord."""
