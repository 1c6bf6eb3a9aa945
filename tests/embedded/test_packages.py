"""Fetching from a package archive: what is damaged, unsigned, absent or out of reach is refused, with what to do."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from otklik.embedded import asterisk, packages
from otklik.embedded.asterisk import AsteriskFound
from otklik.embedded.faults import Unavailable
from otklik.embedded.mirrors import Source, System
from tests.embedded.archive import SUITE, Key, PackageArchive, make_key


@pytest.fixture(scope="module")
def key() -> Iterator[Key]:
    # Its agent's socket needs a short path.
    with tempfile.TemporaryDirectory(prefix="otklik-key-") as name:
        made = make_key(Path(name) / "gpg")
        yield made
        made.end_agent()


@pytest.fixture(scope="module")
def stranger() -> Iterator[Key]:
    with tempfile.TemporaryDirectory(prefix="otklik-key-") as name:
        made = make_key(Path(name) / "gpg")
        yield made
        made.end_agent()


@pytest.fixture
def archive(tmp_path: Path) -> PackageArchive:
    made = PackageArchive(tmp_path / "archive")
    made.add("asterisk", depends="libthing, libother")
    made.add("libthing", version="2.0")
    made.add("libother", version="3.0")
    made.add("espeak-ng", version="1.52", depends="perl")
    made.add("perl", version="5.42")
    return made


async def refusal(system: System, cache: Path) -> Unavailable:
    with pytest.raises(Unavailable) as refused:
        await asterisk.fetch(cache, lambda text, share: None, system=system)
    assert refused.value.message("ru")
    assert not list(cache.glob("asterisk/*/tree.json")), "nothing of it is taken for an Asterisk"
    return refused.value


def fetcher(archive: PackageArchive, key: Key, folder: Path, said: list[str]) -> packages.Fetcher:
    folder.mkdir(exist_ok=True)
    place = packages.archives(archive.system(key))[0]
    return packages.Fetcher(folder, place, "Asterisk", lambda text, share: said.append(text), "en")


async def test_a_signed_closure_is_fetched_and_unpacked_without_what_is_not_needed(
    archive: PackageArchive, key: Key, tmp_path: Path
) -> None:
    archive.publish(key)
    said: list[str] = []
    fetch = fetcher(archive, key, tmp_path / "work", said)
    assert await fetch.version("asterisk") == "1:22.9.0-1"
    closure = await fetch.unpack(["asterisk", "espeak-ng"], tmp_path / "root")
    assert sorted(package.name for package in closure) == ["asterisk", "espeak-ng", "libother", "libthing"]
    assert (tmp_path / "root/usr/share/libthing/about").read_text() == "libthing"
    assert not (tmp_path / "root/usr/share/perl").exists()
    assert said[0] == "Asterisk: list of packages"
    assert said[-1] == "Asterisk: unpacking 4 of 4"


async def test_an_unsigned_archive_is_refused(archive: PackageArchive, key: Key, tmp_path: Path) -> None:
    archive.publish(None)
    refused = await refusal(archive.system(key), tmp_path / "cache")
    assert refused.code == "packages_bad_signature"
    assert "ничего не установлено" in refused.message("ru")


async def test_an_archive_signed_by_a_stranger_is_refused(
    archive: PackageArchive, key: Key, stranger: Key, tmp_path: Path
) -> None:
    archive.publish(stranger)
    assert (await refusal(archive.system(key), tmp_path / "cache")).code == "packages_bad_signature"


async def test_an_index_changed_after_it_was_signed_is_refused(
    archive: PackageArchive, key: Key, tmp_path: Path
) -> None:
    archive.publish(key)
    signed = archive.dist / "InRelease"
    signed.write_text(signed.read_text().replace("Origin: Tests", "Origin: Debian"))
    assert (await refusal(archive.system(key), tmp_path / "cache")).code == "packages_bad_signature"


async def test_an_archive_for_which_no_key_is_named_must_be_signed_by_one_that_the_system_trusts(
    archive: PackageArchive, key: Key, tmp_path: Path
) -> None:
    archive.publish(key)
    system = archive.system(key)
    keyless = replace(system, sources=(replace(system.sources[0], signed_by=None),))
    assert (await refusal(keyless, tmp_path / "cache")).code == "packages_bad_signature"


async def test_a_truncated_package_is_refused_and_named(archive: PackageArchive, key: Key, tmp_path: Path) -> None:
    archive.publish(key)
    package = next(archive.pool.glob("libthing_*"))
    package.write_bytes(package.read_bytes()[:-100])
    refused = await refusal(archive.system(key), tmp_path / "cache")
    assert refused.code == "packages_damaged"
    assert refused.retryable


async def test_a_package_with_other_bytes_is_refused(archive: PackageArchive, key: Key, tmp_path: Path) -> None:
    archive.publish(key)
    package = next(archive.pool.glob("libthing_*"))
    package.write_bytes(package.read_bytes().replace(b"libthing", b"libthinG"))
    assert (await refusal(archive.system(key), tmp_path / "cache")).code == "packages_damaged"


async def test_packages_of_an_interrupted_fetch_are_used_if_whole_and_brought_again_if_not(
    archive: PackageArchive, key: Key, tmp_path: Path
) -> None:
    archive.publish(key)
    brought = tmp_path / "work/packages"
    brought.mkdir(parents=True)
    whole, spoiled = next(archive.pool.glob("libthing_*")), next(archive.pool.glob("libother_*"))
    shutil.move(whole, brought)
    (brought / spoiled.name).write_bytes(bytes(spoiled.stat().st_size))
    fetch = fetcher(archive, key, tmp_path / "work", [])
    await fetch.version("asterisk")
    await fetch.unpack(["asterisk"], tmp_path / "root")
    for name in ("asterisk", "libthing", "libother"):
        assert (tmp_path / f"root/usr/share/{name}/about").read_text() == name


async def test_an_asterisk_that_does_not_run_is_not_taken(archive: PackageArchive, key: Key, tmp_path: Path) -> None:
    archive.publish(key)
    refused = await refusal(archive.system(key), tmp_path / "cache")
    assert (refused.code, refused.data["detail"]) == ("packages_damaged", "asterisk -V")


async def test_an_archive_with_only_an_old_asterisk_is_refused(key: Key, tmp_path: Path) -> None:
    archive = PackageArchive(tmp_path / "archive")
    archive.add("asterisk", version="1:20.6.0-1")
    archive.publish(key)
    refused = await refusal(archive.system(key), tmp_path / "cache")
    assert refused.code == "packages_no_suite"
    assert "22.5" in refused.message("en")


async def test_the_next_release_is_tried_when_the_first_is_not_in_the_archive(key: Key, tmp_path: Path) -> None:
    archive = PackageArchive(tmp_path / "archive", suite="testing")
    archive.add("asterisk")
    archive.add("espeak-ng")
    archive.publish(key)
    refused = await refusal(archive.system(key), tmp_path / "cache")
    assert (refused.code, refused.data["source"]) == ("packages_damaged", "testing")


async def test_no_network_says_so_and_may_be_tried_again(key: Key, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        source = Source(
            uri=f"http://127.0.0.1:{closed.getsockname()[1]}/debian",
            suites=(SUITE,),
            parts=("main",),
            signed_by=str(key.public),
        )
        refused = await refusal(System(family="debian", codename=SUITE, sources=(source,)), tmp_path / "cache")
    assert refused.code == "packages_no_network"
    assert refused.retryable


async def test_no_package_tools_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: Key) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = await refusal(System(family="debian", codename=SUITE, sources=()), tmp_path / "cache")
    assert refused.code == "packages_no_tools"
    assert "apt-get" in refused.message("ru")


async def test_a_system_of_another_family_is_told_what_to_do(tmp_path: Path) -> None:
    refused = await refusal(System(family=None, codename="", sources=()), tmp_path / "cache")
    assert refused.code == "packages_no_sources"
    assert "OTKLIK_ASTERISK_ARI_URL" in refused.message("ru")


async def test_a_full_disk_is_noticed_before_the_download(
    archive: PackageArchive, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.publish(key)
    monkeypatch.setattr(packages, "NEEDED_BYTES", shutil.disk_usage(tmp_path).total + 1)
    assert (await refusal(archive.system(key), tmp_path / "cache")).code == "packages_no_space"


async def test_two_copies_do_not_fetch_at_once_and_the_second_takes_what_the_first_brought(
    found: AsteriskFound, tmp_path: Path
) -> None:
    folder = tmp_path / "asterisk"
    folder.mkdir()
    said: list[str] = []
    dead = System(
        family="debian", codename=SUITE, sources=(Source(uri="http://127.0.0.1:9/", suites=(SUITE,), parts=("main",)),)
    )
    first = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = asyncio.create_task(
            asterisk.fetch(tmp_path, lambda text, share: said.append(text), system=dead, language="en")
        )
        async with asyncio.timeout(30):
            while not said:
                await asyncio.sleep(0.01)
        assert said == ["Asterisk: another copy is fetching it, waiting"]
        assert not second.done()
        (folder / "brought").symlink_to(found.place)
    finally:
        os.close(first)
    async with asyncio.timeout(30):
        assert (await second).version == found.version
