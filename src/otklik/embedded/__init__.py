"""The peers that come with the program: PostgreSQL from a wheel, Asterisk from the system's own signed packages.

Nothing here decides about contacts. Every child dies with its parent, also after `kill -9`; all paths come from the
caller. Start reading in `child.py` (how a child lives), then `postgres.py`, `asterisk.py`, and `findings.py` (doctor).
"""
