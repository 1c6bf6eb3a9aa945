"""Reading the system's package sources: both formats, Debian and Ubuntu, with strangers among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from otklik.embedded import mirrors
from otklik.embedded.mirrors import Source, System

DEBIAN = 'PRETTY_NAME="Debian"\nID=debian\nVERSION_CODENAME=bookworm\n'
DEB822 = """\
# a remark
Types: deb deb-src
URIs: http://mirror.invalid/debian
Suites: bookworm bookworm-updates
# another
Components: main
 contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.invalid/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.invalid/debian
Suites: bookworm
Components: main

Types: deb-src
URIs: http://sources.invalid/debian
Suites: bookworm
Components: main
"""


def system(root: Path, release: str, **files: str) -> System:
    apt = root / "etc/apt/sources.list.d"
    apt.mkdir(parents=True)
    (root / "etc/os-release").write_text(release)
    for name, text in files.items():
        path = root / "etc/apt/sources.list" if name == "sources_list" else apt / name.replace("__", ".")
        path.write_text(text)
    return mirrors.system(root)


def test_deb822_sources_of_debian_are_read(tmp_path: Path) -> None:
    found = system(tmp_path, DEBIAN, debian__sources=DEB822)
    assert found.family == "debian"
    assert found.codename == "bookworm"
    assert found.archives() == [
        Source(
            uri="http://mirror.invalid/debian",
            suites=("bookworm", "bookworm-updates"),
            parts=("main", "contrib"),
            signed_by="/usr/share/keyrings/debian-archive-keyring.gpg",
        )
    ]
    assert found.suites() == ("forky", "testing", "sid")


def test_one_line_sources_are_read_with_their_options(tmp_path: Path) -> None:
    text = (
        "# deb http://remark.invalid/debian bookworm main\n"
        "deb cdrom:[Debian]/ bookworm main\n"
        "deb [ arch=amd64 trusted=yes signed-by=/k.gpg ] https://mirror.invalid/debian bookworm main contrib # a remark\n"
        "deb-src https://mirror.invalid/debian bookworm main\n"
        "deb http://mirror.invalid/debian-security bookworm-security main\n"
        "nonsense\n"
    )
    found = system(tmp_path, DEBIAN, sources_list=text)
    assert found.archives() == [
        Source(uri="https://mirror.invalid/debian", suites=("bookworm",), parts=("main", "contrib"), signed_by="/k.gpg")
    ]


def test_a_key_inside_the_source_is_kept(tmp_path: Path) -> None:
    text = (
        "Types: deb\nURIs: http://m.invalid/debian\nSuites: stable\nComponents: main\nSigned-By:\n"
        " -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abcd\n -----END PGP PUBLIC KEY BLOCK-----\n"
    )
    (source,) = system(tmp_path, DEBIAN, debian__sources=text).archives()
    assert source.signed_by == ("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabcd\n-----END PGP PUBLIC KEY BLOCK-----\n")


def test_the_distributions_own_archive_comes_before_others_that_look_alike(tmp_path: Path) -> None:
    others = "deb https://browser.invalid/linux stable main\ndeb https://cloud.invalid/apt cloud-sdk-bookworm main\n"
    found = system(tmp_path, DEBIAN, a__list=others, debian__sources=DEB822)
    assert [source.uri for source in found.archives()] == [
        "http://mirror.invalid/debian",
        "https://browser.invalid/linux",
    ]


def test_a_system_in_development_looks_in_its_own_release_first(tmp_path: Path) -> None:
    release = "ID=debian\nVERSION_CODENAME=duke\n"
    found = system(tmp_path, release, sources_list="deb http://mirror.invalid/debian testing main\n")
    assert [source.uri for source in found.archives()] == ["http://mirror.invalid/debian"]
    assert found.suites() == ("duke", "forky", "testing", "sid")


@pytest.mark.parametrize(
    ("release", "suites"),
    [
        ("ID=ubuntu\nVERSION_CODENAME=noble\nUBUNTU_CODENAME=noble\n", ("resolute", "questing")),
        ("ID=ubuntu\nVERSION_CODENAME=resolute\nUBUNTU_CODENAME=resolute\n", ("resolute", "questing")),
        (
            'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=zara\nUBUNTU_CODENAME=noble\n',
            ("resolute", "questing"),
        ),
    ],
    ids=["noble", "resolute", "mint"],
)
def test_ubuntu_and_its_kin_take_asterisk_from_ubuntus_archive(
    tmp_path: Path, release: str, suites: tuple[str, ...]
) -> None:
    codename = release.rpartition("UBUNTU_CODENAME=")[2].strip()
    text = f"Types: deb\nURIs: http://mirror.invalid/ubuntu/\nSuites: {codename} {codename}-updates\nComponents: main universe\n"
    found = system(tmp_path, release, ubuntu__sources=text)
    assert found.family == "ubuntu"
    assert [source.uri for source in found.archives()] == ["http://mirror.invalid/ubuntu/"]
    assert found.suites() == suites


def test_another_family_has_no_archive(tmp_path: Path) -> None:
    found = system(tmp_path, "ID=fedora\nVERSION_ID=44\n")
    assert (found.family, found.archives(), found.suites()) == (None, [], ())


def test_a_machine_without_apt_has_no_sources(tmp_path: Path) -> None:
    assert mirrors.system(tmp_path / "nowhere").sources == ()
