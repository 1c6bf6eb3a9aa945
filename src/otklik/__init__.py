"""Otklik: an open-source contact centre. Start reading in `assembly.py`, which puts the parts together."""

__version__ = "0.1.0"
