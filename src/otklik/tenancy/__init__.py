"""Tenants and the people who work in them: roles, sessions, audit, and the set-up that decisions depend on.

No password and no session token is ever stored or logged, only their hashes. Start with `person.py` and `access.py`.
"""
