"""The stereo file and its waveform, also from files that a crash left unfinished."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from obstore.store import LocalStore

from otklik.channels.voice.recording import RawRecording, peaks, store_recording
from otklik.channels.voice.speech import write_wav
from otklik.contact.ids import ContactId, TenantId
from tests import tones

CONTACT = ContactId("019a0000-0000-7000-8000-000000000001")


@pytest.fixture
def raw(tmp_path: Path) -> RawRecording:
    return RawRecording(tmp_path / "raw", TenantId("t"), CONTACT)


@pytest.fixture
def objects(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "objects", mkdir=True)


def test_both_sides_stand_on_their_own_channel_and_the_shorter_is_filled_with_silence(
    raw: RawRecording, objects: LocalStore
) -> None:
    write_wav(raw.customer, tones.tone(440, 2, 8000))
    write_wav(raw.heard, tones.tone(1000, 1, 8000))
    key, seconds = store_recording(raw, objects)
    assert (key, seconds) == (f"recordings/t/2025/10/20/{CONTACT}.wav", 2.0)
    _, (left, right) = tones.read_wav(bytes(objects.get(key).bytes()))
    assert tones.is_heard(left, 440) and tones.is_heard(right[:8000], 1000)
    assert not right[8000:].any()


def test_a_file_whose_header_was_never_finished_is_read_by_its_length(raw: RawRecording, objects: LocalStore) -> None:
    write_wav(raw.customer, tones.tone(440, 1, 8000))
    whole = bytearray(raw.customer.read_bytes())
    whole[4:8] = whole[40:44] = bytes(4)
    raw.customer.write_bytes(bytes(whole) + b"\x01")
    _, seconds = store_recording(raw, objects)
    assert seconds == 1.0


def test_an_empty_recording_is_a_recording_of_no_length(raw: RawRecording, objects: LocalStore) -> None:
    raw.customer.parent.mkdir(parents=True)
    raw.customer.write_bytes(b"")
    key, seconds = store_recording(raw, objects)
    assert seconds == 0.0
    waveform = json.loads(bytes(objects.get(key.removesuffix(".wav") + ".json").bytes()))
    assert waveform == {"seconds": 0.0, "customer": [], "agent": []}


def test_the_waveform_has_the_loudest_of_every_share() -> None:
    samples = np.zeros(80_000, dtype=np.int16)
    samples[40_050] = -32768
    waveform = peaks(samples, samples.size)
    assert len(waveform) == 800
    assert [place for place, value in enumerate(waveform) if value] == [400]
    assert waveform[400] == 1.0
