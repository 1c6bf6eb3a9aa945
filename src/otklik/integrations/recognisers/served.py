"""`Recogniser` by a server that understands `POST /audio/transcriptions` (OpenAI's form; servers for Whisper, GigaAM, Vosk and others
have it).
"""

from __future__ import annotations

import asyncio
import io
import math
import time
import wave
from dataclasses import dataclass
from typing import Any, Final

import httpx
import msgspec
import structlog

from otklik.contact.hearing import Recognised
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

SERVER_SECONDS: Final = 6.0
"""A caller hears nothing meanwhile."""
REST_SECONDS: Final = 30.0
"""After a failure nobody is asked to speak."""
AT_ONCE: Final = 16
LARGEST_BYTES: Final = 65_536
LONGEST_WORDS: Final = 1_000
SAMPLE_RATE: Final = 8_000
_FORMS: Final[tuple[str, ...]] = ("verbose_json", "json")
_FORM_UNKNOWN: Final = frozenset({400, 415, 422})
"""By these a server refuses what it was asked; whatever else it says, it would say of any form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`url` up to and with the version: `https://speech.example.com/v1`."""

    url: str
    model: str = "whisper-1"
    key: str = ""


class _Answer(msgspec.Struct):
    text: str
    segments: Any = None
    """With `verbose_json`: parts, each with its `avg_logprob` and `tokens`."""


class ServedRecogniser:
    """One request for each utterance."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: httpx.AsyncClient | None = None
        self._waiting = 0
        self._rests_until = 0.0
        self._forms = _FORMS
        self.trouble = ""
        """Why the last utterance was not recognised."""

    def ready(self) -> bool:
        return time.monotonic() >= self._rests_until

    async def recognise(self, sound: bytes, language: str) -> Recognised:
        if self._waiting >= AT_ONCE:
            raise PeerError("recogniser", "too many wait", retryable=True)
        self._waiting += 1
        try:
            async with asyncio.timeout(SERVER_SECONDS):
                came = await self._ask(sound, language)
        except TimeoutError as err:
            raise self._failed(f"no answer in {SERVER_SECONDS:g} s") from err
        except httpx.HTTPError as err:
            raise self._failed(str(err) or type(err).__name__) from err
        except msgspec.DecodeError as err:
            raise self._failed(f"the answer cannot be read: {err}") from err
        finally:
            self._waiting -= 1
        self.trouble = ""
        return Recognised(came.text.strip()[:LONGEST_WORDS], _confidence(came.segments))

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    def _failed(self, reason: str) -> PeerError:
        self._rests_until, self.trouble = time.monotonic() + REST_SECONDS, reason
        log.error("recogniser_failed", url=self._server.url, reason=reason)
        return PeerError("recogniser", reason, retryable=True)

    async def _ask(self, sound: bytes, language: str) -> _Answer:
        """The first form that it answers in stays; not every server knows the one with confidences."""
        status = 0
        for form in self._forms:
            answer = await self._asked(sound, language, form)
            if isinstance(answer, _Answer):
                self._forms = (form,)
                return answer
            status = answer
            if status not in _FORM_UNKNOWN:
                break
        raise self._failed(f"HTTP {status}")

    async def _asked(self, sound: bytes, language: str, form: str) -> _Answer | int:
        """Or the status by which it was refused."""
        if self._client is None:
            headers = {"Authorization": f"Bearer {self._server.key}"} if self._server.key else {}
            self._client = httpx.AsyncClient(headers=headers, timeout=SERVER_SECONDS, trust_env=False)
        fields = {"model": self._server.model, "language": language, "response_format": form, "temperature": "0"}
        file = {"file": ("speech.wav", _wav(sound), "audio/wav")}
        address = f"{self._server.url.rstrip('/')}/audio/transcriptions"
        async with self._client.stream("POST", address, data=fields, files=file) as answer:
            if answer.status_code != 200:
                return answer.status_code
            body = bytearray()
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > LARGEST_BYTES:
                    raise self._failed("the answer is too large")
        return msgspec.json.decode(bytes(body), type=_Answer)


def _confidence(parts: Any) -> float:
    """On (geometric) average of the tokens. Whoever says nothing that can be read of it is taken at their word."""
    try:
        likely = [(float(each["avg_logprob"]), len(each.get("tokens") or ()) or 1) for each in parts]
        return math.exp(sum(each * tokens for each, tokens in likely) / sum(tokens for _, tokens in likely))
    except (TypeError, KeyError, ValueError, AttributeError, ZeroDivisionError, OverflowError):
        return 1.0


def _wav(sound: bytes) -> bytes:
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(sound)
    return whole.getvalue()
