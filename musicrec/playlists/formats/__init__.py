"""Playlist files, told apart by what is in them, into playlists and back."""
