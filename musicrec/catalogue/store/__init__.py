"""Snapshots on disk: immutable folders of memory-mapped columns, shared by all processes."""
