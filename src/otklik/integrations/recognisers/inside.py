"""The inside of a recogniser's process: reads an utterance, says its words. It ends when nobody holds the other end any more.

Settings by trial on telephone speech: one beam, temperature 0, no memory of what was said before, and few tokens, since a model that
hears noise goes on for ever.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import soxr

TOKENS: Final = 48
NO_SPEECH: Final = 0.6
UNLIKELY: Final = -1.0
REPEATED: Final = 2.4
"""Compression: a text that says the same over and over is not what was said."""
WHISPER_RATE, TELEPHONE_RATE = 16_000, 8_000


def main() -> None:
    hear, say = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever the model's library has to say is not an answer
    model = _model(Path(sys.argv[1]))
    _say(say, {"ready": True})
    while line := hear.readline():
        asked = json.loads(line)
        sound = hear.read(asked["bytes"])
        words, confidence = _words(model, sound, asked["language"])
        _say(say, {"words": words, "confidence": confidence})


def _model(folder: Path) -> Any:
    from faster_whisper import WhisperModel  # takes a second, and the extra may not be there

    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)


def _words(model: Any, sound: bytes, language: str) -> tuple[str, float]:
    telephone = np.frombuffer(sound, "<i2").astype(np.float32) / 32768
    samples = soxr.resample(telephone, TELEPHONE_RATE, WHISPER_RATE).astype(np.float32)
    segments, _ = model.transcribe(
        samples,
        language=language,
        beam_size=1,
        temperature=0.0,
        condition_on_previous_text=False,
        without_timestamps=True,
        max_new_tokens=TOKENS,
    )
    said = [each for each in segments if _said(each)]
    return " ".join(each.text.strip() for each in said).strip(), _confidence(said)


def _confidence(said: list[Any]) -> float:
    """What the model gave to each of its tokens, on (geometric) average."""
    tokens = sum(len(each.tokens) for each in said)
    return math.exp(sum(each.avg_logprob * len(each.tokens) for each in said) / tokens) if tokens else 0.0


def _said(segment: Any) -> bool:
    silent = segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < UNLIKELY
    return not silent and segment.compression_ratio <= REPEATED


def _say(where: BinaryIO, answer: dict[str, object]) -> None:
    where.write(json.dumps(answer).encode() + b"\n")
    where.flush()


if __name__ == "__main__":
    main()
