"""A listener's own accounts elsewhere: linking them, and what is read and changed there."""
