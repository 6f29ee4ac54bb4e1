"""The nouns: plain frozen dataclasses and the expected failures. Standard library only."""
