"""Why a peer that comes with the program is not there, said in the person's language with what to do."""

from __future__ import annotations

from otklik.errors import MESSAGES, Language, PeerError


class Unavailable(PeerError):
    """A peer could not be fetched or started. `code` has its text in `MESSAGES`; `data` fills its places."""

    def __init__(self, peer: str, code: str, *, retryable: bool, **data: object) -> None:
        super().__init__(peer, MESSAGES[code]["en"].format(**data), retryable=retryable)
        self.code = code
        self.data = data

    def message(self, language: Language) -> str:
        return MESSAGES[self.code][language].format(**self.data)

    def __str__(self) -> str:
        return self.message("en")
