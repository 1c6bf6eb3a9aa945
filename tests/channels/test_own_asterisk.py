"""What `doctor` tells of an Asterisk of one's own, asked of a real one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from otklik.assembly.own_asterisk import music_finding
from otklik.channels.voice.tunes import CLASSES, SETUP_FILE, tidy_classes
from otklik.contact.configuration import Configuration, Queue
from otklik.contact.ids import QueueId
from otklik.contact.music import Music
from otklik.embedded.asterisk import EmbeddedAsterisk

USUAL = Queue(id=QueueId("sales"), name="Sales")
SET_UP = [Configuration(queues=(USUAL, replace(USUAL, id=QueueId("quiet"), name="Quiet", music=Music(silence=True))))]


def ami_of(asterisk: EmbeddedAsterisk) -> str:
    return f"tcp://{asterisk.ami_user}:{asterisk.ami_password}@{asterisk.ami_host}:{asterisk.ami_port}"


@contextmanager
def without_line(asterisk: EmbeddedAsterisk) -> Iterator[None]:
    (file,) = asterisk.plan.folder.rglob(SETUP_FILE)
    before = file.read_text()
    assert "#tryinclude" in before
    file.write_text("".join(line for line in before.splitlines(keepends=True) if "#tryinclude" not in line))
    try:
        yield
    finally:
        file.write_text(before)


async def test_the_line_that_music_of_queues_needs_is_told_where_it_lacks(asterisk: EmbeddedAsterisk) -> None:
    assert asterisk.plan.classes is not None
    folder, line = asterisk.plan.classes.parent, f"#tryinclude {asterisk.plan.classes}"
    tidy_classes(folder, time.time())
    there = await music_finding(ami_of(asterisk), folder, SET_UP)
    assert (there.state, there.advice) == ("ok", None) and line in there.found
    with without_line(asterisk):
        lacks = await music_finding(ami_of(asterisk), folder, SET_UP)
        unneeded = await music_finding(ami_of(asterisk), folder, [Configuration(queues=(USUAL,))])
    assert lacks.state == "warning" and lacks.advice is not None
    for told in lacks.advice.values():
        assert line in told and SETUP_FILE in told and "Quiet" in told
    assert unneeded.state == "ok", "no queue has music of its own"


async def test_a_manager_that_lets_nobody_in_is_told(asterisk: EmbeddedAsterisk, tmp_path: Path) -> None:
    tidy_classes(tmp_path, time.time())
    refused = ami_of(asterisk).replace(asterisk.ami_password, "wrong")
    for url in (refused, "tcp://otklik:secret@127.0.0.1:9"):
        found = await music_finding(url, tmp_path, SET_UP)
        assert found.state == "warning" and found.advice is not None
        assert "OTKLIK_ASTERISK_AMI_URL" in found.advice["en"]
    before = await music_finding(refused, tmp_path / "none", SET_UP)
    assert before.state == "ok", f"{CLASSES} is written at the first start"
