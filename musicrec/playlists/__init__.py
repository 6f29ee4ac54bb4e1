"""Playlists: read, match, prune, look through, sort, make and write them.

Plain functions on given bytes and tables: no files, no database, no network, no clock.
"""
