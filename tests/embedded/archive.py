"""A tiny package archive in a folder, signed by a key made for it, for fetches that must fail or must not."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from otklik.embedded.mirrors import Source, System
from tests import peers

SUITE = "forky"


@dataclass(frozen=True, slots=True)
class Key:
    home: Path

    @property
    def public(self) -> Path:
        return self.home / "public.gpg"

    def sign(self, file: Path, *how: str, output: Path) -> None:
        output.unlink(missing_ok=True)
        self.gpg("--output", str(output), *how, str(file))

    def gpg(self, *words: str) -> None:
        quiet = ("--homedir", str(self.home), "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "")
        subprocess.run([peers.gpg(), *quiet, *words], check=True, timeout=60, stderr=subprocess.DEVNULL)

    def end_agent(self) -> None:
        subprocess.run(["gpgconf", "--homedir", str(self.home), "--kill", "gpg-agent"], check=True, timeout=20)


def make_key(home: Path) -> Key:
    home.mkdir(mode=0o700)
    key = Key(home)
    key.gpg("--quick-generate-key", "Otklik tests <tests@otklik.invalid>", "ed25519", "sign", "never")
    key.gpg("--output", str(key.public), "--export")
    return key


class PackageArchive:
    """`add` packages, then `publish` (or not). What is changed later is not signed anew."""

    def __init__(self, folder: Path, suite: str = SUITE) -> None:
        self.folder = folder
        self.suite = suite
        self.dist = folder / "dists" / suite
        self.pool = folder / "pool"
        self._entries: list[str] = []
        self.pool.mkdir(parents=True, exist_ok=True)

    def add(
        self, name: str, version: str = "1:22.9.0-1", files: Mapping[str, str] | None = None, depends: str = ""
    ) -> Path:
        tree = self.folder / "build" / name
        (tree / "DEBIAN").mkdir(parents=True)
        control = f"Package: {name}\nVersion: {version}\nArchitecture: {architecture()}\nMaintainer: Tests <t@otklik.invalid>\n"
        control += f"Depends: {depends}\n" if depends else ""
        (tree / "DEBIAN/control").write_text(control + "Description: for tests\n")
        for path, text in (files or {f"usr/share/{name}/about": name}).items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text)
        file = self.pool / f"{name}_{version.split(':')[-1]}_{architecture()}.deb"
        words = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(tree), str(file)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=30)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        place = f"Filename: pool/{file.name}\nSize: {file.stat().st_size}\nSHA256: {digest}\n"
        self._entries.append(control + place + "Description: for tests\n")
        return file

    def publish(self, key: Key | None) -> None:
        """Write the index; sign it in both ways, or not at all."""
        index = self.dist / f"main/binary-{architecture()}/Packages"
        index.parent.mkdir(parents=True)
        index.write_text("\n".join(self._entries))
        digest = hashlib.sha256(index.read_bytes()).hexdigest()
        release = self.dist / "Release"
        release.write_text(
            f"Origin: Tests\nSuite: {self.suite}\nCodename: {self.suite}\nComponents: main\n"
            f"Architectures: {architecture()}\nDate: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n"
            f" {digest} {index.stat().st_size} {index.relative_to(self.dist)}\n"
        )
        if key is not None:
            key.sign(release, "--clearsign", output=self.dist / "InRelease")
            key.sign(release, "--armor", "--detach-sign", output=self.dist / "Release.gpg")

    def system(self, key: Key) -> System:
        """A Debian of this release that takes its packages from here."""
        source = Source(uri=f"file:{self.folder}/debian", suites=(SUITE,), parts=("main",), signed_by=str(key.public))
        if not (self.folder / "debian").exists():
            (self.folder / "debian").symlink_to(self.folder)
        return System(family="debian", codename=SUITE, sources=(source,))


def architecture() -> str:
    words = ["dpkg", "--print-architecture"]
    return subprocess.run(
        words, check=True, capture_output=True, text=True, env={"PATH": os.environ["PATH"]}
    ).stdout.strip()
