"""Voices of programs on this machine: the real Festival, and programs that do whatever a program may do wrong."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from otklik.assembly.voices import program_findings
from otklik.channels.voice import programs
from otklik.channels.voice.programs import LONGEST_TEXT, ProgramSpeech
from otklik.channels.voice.voice_program import VoiceProgram, voice_program
from otklik.contact.configuration import Speech
from otklik.settings import Settings
from tests import peers, tones

WELCOME = Speech(text="Welcome. For sales press one.", language="en")
LONG_TONE = "import sys, wave, math, struct\nw = wave.open(sys.argv[sys.argv.index('--output_file') + 1], 'wb')\n" + (
    "w.setnchannels(1); w.setsampwidth(2); w.setframerate(16000)\n"
    "w.writeframes(b''.join(struct.pack('<h', int(9000 * math.sin(n / 5))) for n in range(16000)))\nw.close()\n"
)


class Own:
    """The machine's own voice."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "own.wav"
        self.spoken: list[Speech] = []

    async def render(self, speech: Speech) -> Path:
        self.spoken.append(speech)
        return self.path


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return Own(tmp_path)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Speech]:
    """For which texts a program was started."""
    found: list[Speech] = []
    speak = ProgramSpeech._speak

    async def counted(voice: ProgramSpeech, text: Speech, program: VoiceProgram, path: Path) -> None:
        found.append(text)
        await speak(voice, text, program, path)

    monkeypatch.setattr(ProgramSpeech, "_speak", counted)
    return found


def piper(folder: Path, script: str) -> VoiceProgram:
    """A program that is called piper and does this."""
    file = folder / "piper"
    file.write_text(f"#!{sys.executable}\n{script}")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return VoiceProgram(kind="piper", voice="/voices/amy.onnx", path=str(file))


def speech(program: VoiceProgram, own: Own, folder: Path) -> ProgramSpeech:
    return ProgramSpeech({"en": program}, own, folder / "cache")


async def test_festival_speaks_a_text_once_as_telephone_quality_wav(own: Own, tmp_path: Path) -> None:
    named, program = voice_program("en=festival:kal_diphone")
    assert (named, program.found()) == ("en", peers.festival())
    voice = speech(program, own, tmp_path)
    paths = await asyncio.gather(*(voice.render(WELCOME) for _ in range(5)))
    assert {*paths, await speech(program, own, tmp_path).render(WELCOME)} == {paths[0]}
    rate, (samples,) = tones.read_wav(paths[0].read_bytes())
    assert rate == 8000
    assert 1.0 < samples.size / rate < 6
    sounding = samples[np.abs(samples) > 0.01]
    assert -22 < 20 * np.log10(np.sqrt(np.mean(sounding**2))) < -16
    assert (own.spoken, voice.trouble) == ([], {})
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".wav"]
    assert (await program_findings({"en": program}, None))[0].state == "ok"


async def test_a_text_that_looks_like_a_command_is_spoken(own: Own, tmp_path: Path) -> None:
    voice = speech(VoiceProgram(kind="festival"), own, tmp_path)
    await voice.render(Speech(text='-eval (system "touch /tmp/x") `id` $(id)', language="en"))
    assert own.spoken == []


async def test_languages_without_a_program_and_endless_texts_are_the_own_voices(own: Own, tmp_path: Path) -> None:
    voice = speech(piper(tmp_path, LONG_TONE), own, tmp_path)
    russian, endless = Speech(text="Да", language="ru"), Speech(text="a" * (LONGEST_TEXT + 1), language="en")
    assert {await voice.render(russian), await voice.render(endless)} == {own.path}
    assert await voice.render(WELCOME) != own.path


HANGS = "import time, subprocess\nsubprocess.Popen(['sleep', '600'])\ntime.sleep(600)\n"
WRONG = {
    "no such program": ("", "there is no"),
    "it fails": ("import sys\nsys.exit('no such voice: amy')\n", "no such voice: amy"),
    "it complains without end": ("import sys\nfor n in range(10**6): print('x' * 99, file=sys.stderr)\nsys.exit(3)", "xxx"),
    "it makes nothing": ("", "no sound"),
    "it makes rubbish": ("open('spoken.wav', 'w').write('rubbish')\n", "no speech"),
    "it makes too much": ("f = open('spoken.wav', 'wb')\nwhile True: f.write(bytes(2**20))\n", "ended|File too large"),
    "it hangs": (HANGS, "not done in"),
    "it wants the network": (
        "import socket\nsocket.create_connection(('127.0.0.1', PORT), 2)\n" + LONG_TONE, "unreachable|refused",
    ),
    "it leaves a pipe": ("import os\nos.mkfifo('spoken.wav')\n", "no file of sound"),
    "it leaves a link": ("import os\nos.symlink('/usr/share/x.wav', 'spoken.wav')\n", "symbolic"),
    "it reads what is others'": (f"open('/etc/passwd').read()\n{LONG_TONE}", "Permission denied"),
    "it reads our environment": (f"import os\nopen(f'/proc/{os.getpid()}/environ').read()\n{LONG_TONE}", "Permission denied"),
    "it empties what is there": (f"import os\nos.truncate('THERE', 0)\n{LONG_TONE}", "Permission denied"),
    "it writes elsewhere": (f"open('ELSEWHERE', 'w').write('x')\n{LONG_TONE}", "Permission denied"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
async def test_whatever_a_program_does_wrong_the_own_voice_speaks_and_it_is_told(
    own: Own, started: list[Speech], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    script, told = WRONG[what]
    monkeypatch.setattr(programs, "PROGRAM_SECONDS", 1.0 if what == "it hangs" else 30.0)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        script = script.replace("PORT", str(server.sockets[0].getsockname()[1]))
        there = tmp_path / "there"
        there.write_text("kept")
        script = script.replace("ELSEWHERE", str(tmp_path / "elsewhere")).replace("THERE", str(there))
        program = piper(tmp_path, script)
        if what == "no such program":
            program = VoiceProgram(kind="piper", voice="/voices/amy.onnx", path=str(tmp_path / "nothing"))
        voice = speech(program, own, tmp_path)
        assert await voice.render(WELCOME) == own.path
        assert any(each in voice.trouble["en"] for each in told.split("|")), voice.trouble
        assert await voice.render(WELCOME) == own.path
        assert started == [WELCOME], "callers are not kept waiting for it again"
        (finding,) = await program_findings({"en": program}, voice)
        assert finding.state == "warning"
        assert not (tmp_path / "elsewhere").exists()
        assert there.read_text() == "kept"
        assert not (tmp_path / "cache").exists() or list((tmp_path / "cache").iterdir()) == []


async def test_nobody_waits_longer_than_for_one_text_however_many_there_are(
    own: Own, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, two at once, they would take longer than this waits."""
    monkeypatch.setattr(programs, "PROGRAM_SECONDS", 1.0)
    monkeypatch.setattr(programs, "REST_SECONDS", 0.0)
    voice = speech(piper(tmp_path, HANGS), own, tmp_path)
    texts = [Speech(text=f"Text {n % 99}", language="en") for n in range(100)]
    async with asyncio.timeout(40):
        assert {*await asyncio.gather(*map(voice.render, texts))} == {own.path}
    assert "not done in" in voice.trouble["en"]


async def test_a_text_without_sound_is_the_own_voices_and_the_next_one_is_not(
    own: Own, started: list[Speech], tmp_path: Path
) -> None:
    script = f"import sys\nif '...' in sys.stdin.read(): open('ran', 'w'); sys.exit()\n{LONG_TONE}"
    voice, mute = speech(piper(tmp_path, script), own, tmp_path), Speech(text="...", language="en")
    assert await voice.render(mute) == own.path
    assert "no sound" in voice.trouble["en"]
    assert await voice.render(WELCOME) != own.path
    assert await voice.render(mute) == own.path
    assert started == [mute, WELCOME], "it is not tried again"


async def test_a_voice_beside_its_program_and_the_null_device_can_be_read(own: Own, tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices/amy.onnx").write_text("voice")
    script = f"import sys\nopen(sys.argv[-1]).read()\nopen('/dev/null', 'w').write('x')\n{LONG_TONE}"
    (tmp_path / "programs").mkdir()
    program = piper(tmp_path / "programs", script)
    voice = speech(
        VoiceProgram(kind="piper", voice=str(tmp_path / "voices/amy.onnx"), path=program.path), own, tmp_path
    )
    assert await voice.render(WELCOME) != own.path, voice.trouble


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("ru", "must look like"),
        ("ru=say:anna", "festival, rhvoice, piper"),
        ("ru=/opt/say:anna", "text2wave, RHVoice-test, piper"),
        ("ru=rhvoice", "needs a voice"),
        ("en=festival:kal) (system", "can be no voice"),
        ("en=piper:amy", "can be no voice"),
    ],
)
def test_a_program_that_cannot_be_meant_is_refused_by_name(named: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        voice_program(named)
    with pytest.raises(ValueError, match=told):
        Settings(voice_programs=(named,))


def test_each_program_is_started_as_its_manual_says() -> None:
    words = {
        each: voice_program(each)[1].arguments()
        for each in ("ru=rhvoice:anna", "en=festival", "de=/opt/piper:/v/t.onnx")
    }
    assert words == {
        "ru=rhvoice:anna": ["-o", "spoken.wav", "-p", "anna"],
        "en=festival": ["-o", "spoken.wav"],
        "de=/opt/piper:/v/t.onnx": ["--output_file", "spoken.wav", "--model", "/v/t.onnx"],
    }


async def test_what_the_kernel_did_not_do_is_told_once_and_is_no_complaint() -> None:
    programs._warn.cache_clear()
    script = "printf 'otklik: not confined: network\\nno such voice' >&2"
    with capture_logs() as logged:
        for _ in range(2):
            program = await asyncio.create_subprocess_exec(
                *("/bin/sh", "-c", script), stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
            )
            assert await programs._told(program, b"text") == b"no such voice"
            await program.wait()
    assert [(each["event"], each["lacks"]) for each in logged] == [("voice_program_not_confined", "network")]
