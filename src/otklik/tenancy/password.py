"""Passwords by argon2id (RFC 9106, the low-memory profile), and the session's token. Slow by intent: use a thread."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_CHARACTERS: Final = 8
MOST_CHARACTERS: Final = 256
"""Longer ones are refused before hashing: a megabyte of password would be a megabyte of work."""

_HASHER: Final = PasswordHasher()
# Checked when the login is unknown, so that the answer takes as long as for a wrong password.
_NOBODY: Final = "$argon2id$v=19$m=65536,t=3,p=4$id4Nn9vlmJ2xVnmZgSInaA$S2w6ld9GbU/HlZdosqJnt1BRTWuLaaRWkKFdrEu64Ls"


def hashed(password: str) -> str:
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Takes the same time whether there is a hash (a known login) or not."""
    try:
        return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """For the cookie: 256 random bits. Only its hash is stored."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    # The token is random and long, so a plain fast hash is as good as a slow one (OWASP, session management).
    return hashlib.sha256(token.encode()).digest()
