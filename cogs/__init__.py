"""What Discord users see: commands, cards and buttons. One package a feature."""
