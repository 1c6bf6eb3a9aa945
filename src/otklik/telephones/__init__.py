"""Telephones in place of the page: accounts of desk telephones, and where an agent takes calls.

Nothing is decided here: `routing/phone.py` says what an agent may choose. Start with `api.py`.
"""
