"""The shape of a sound, and the bytes that a player asks for. Pure."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from otklik.desk.byte_range import asked
from otklik.desk.waveform import MOST_PARTS, NotPlayable, Peaks, read_header
from otklik.errors import AppError


def wav(samples: NDArray[np.int16], rate: int = 8000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return out.getvalue()


def peaks(file: bytes, piece: int) -> tuple[list[float], list[float]]:
    form = read_header(file[:4096], len(file))
    made = Peaks(form)
    for at in range(form.begin, form.begin + form.size, piece):
        made.feed(file[at : min(at + piece, form.begin + form.size)])
    shape = made.waveform()
    return shape.customer, shape.agent


@settings(deadline=None)  # a busy machine is no fault
@given(st.integers(0, 3000), st.integers(1, 7000), st.integers(0, 2**32 - 1))
def test_shape_is_the_same_in_whatever_pieces_it_comes_and_as_the_slow_way_finds_it(
    frames: int, piece: int, seed: int
) -> None:
    samples = np.random.default_rng(seed).integers(-32768, 32768, (frames, 2), dtype=np.int16)
    parts = min(MOST_PARTS, frames)
    slow: list[list[float]] = [[0.0] * parts, [0.0] * parts]
    for frame, pair in enumerate(samples.tolist()):
        for side, sample in enumerate(pair):
            part = frame * parts // frames
            slow[side][part] = max(slow[side][part], round(abs(sample) / 32768, 3))
    assert peaks(wav(samples), piece) == (slow[0], slow[1])


def test_one_channel_is_shown_for_both_sides() -> None:
    customer, agent = peaks(wav(np.full((100, 1), 16384, dtype=np.int16)), 64)
    assert customer == agent == [0.5] * 100


def test_header_of_a_recording_that_was_cut_off_is_mended_by_the_files_own_size() -> None:
    file = wav(np.full((1000, 2), 100, dtype=np.int16))
    for size in (b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", (10**6).to_bytes(4, "little")):
        broken = file[:40] + size + file[44:]
        assert read_header(broken, len(broken)).size == 4000


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"RIFF",
        b"OggS" * 20,
        b"RIFF\0\0\0\0WAVE",
        b"RIFF\0\0\0\0WAVEdata\0\0\0\0",
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0",
    ],
)
def test_what_is_no_sound_is_told(file: bytes) -> None:
    with pytest.raises(NotPlayable):
        read_header(file, len(file))


def test_eight_bit_sound_is_not_ours() -> None:
    file = wav(np.zeros((10, 2), dtype=np.int16))
    with pytest.raises(NotPlayable):
        read_header(file[:34] + b"\x08\x00" + file[36:], len(file))


@given(st.text(alphabet="bytes=0123456789-, x", max_size=25), st.integers(0, 2000))
def test_any_range_header_gives_a_part_of_the_file_the_whole_or_a_refusal(header: str, size: int) -> None:
    try:
        part = asked(header, size)
    except AppError as err:
        assert (err.code, err.status) == ("no_such_range", 416)
        return
    assert part is None or 0 <= part[0] < part[1] <= size
