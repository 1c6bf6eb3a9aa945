"""What a desk telephone signs in with: short enough to be typed at its keys, and nothing that a caller's number could be."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from otklik.contact.ports import REALM, DeskTelephone

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are mistaken for each other."""
PASSWORD_CHARACTERS: Final = 20


def new_account() -> tuple[DeskTelephone, str]:
    """With the password, which is shown once."""
    user = f"desk-{secrets.randbelow(10**8):08}"
    password = "".join(secrets.choice(_LETTERS) for _ in range(PASSWORD_CHARACTERS))
    return DeskTelephone(user=user, digest=digest(user, password)), password


def digest(user: str, password: str) -> str:
    """MD5 is what SIP telephones understand (RFC 2617); 99 random bits stand behind it."""
    return hashlib.md5(f"{user}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()
