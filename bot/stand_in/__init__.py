"""Spotify in miniature, as applications in Development Mode meet it.

The playground offers it as a demo account; the tests hold it against Spotify's own description.
"""
