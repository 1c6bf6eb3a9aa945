"""Channels translate: what happens on a line becomes facts, decisions become actions on a line.

Nothing is decided here and no tenant's data is read here. Start with `voice/asterisk.py`; `contact/ports.py` says what
every channel promises.
"""
