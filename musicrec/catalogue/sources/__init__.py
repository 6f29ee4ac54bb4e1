"""Files of songs, of whatever format and size, as cleaned parts: in constant memory, resumable."""
