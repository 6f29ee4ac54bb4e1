"""The process: settings, start, the Discord client. Imports everything; nothing imports it."""
