"""Measurements anybody can repeat: each prints one JSON line with its figures, the limit or peer, and whether it holds."""
