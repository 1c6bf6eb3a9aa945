"""Documents that tell the truth: links that lead somewhere, commands that exist, both languages, pages made from code."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from otklik import assembly
from otklik.cli import app
from otklik.integrations.secrets import PREFIX
from otklik.routing.contact import ContactState
from otklik.tenancy import demo, yaml
from otklik.tenancy.document import from_plain, to_plain

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
TWO_LANGUAGES = ("tutorial", "how-to", "explanation")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|`|bin/|=[^\s`]+ )otklik ([a-z]+)(?: ([a-z]+))?", re.MULTILINE)
"""At the start of a line or of inline code, by its path, or after a variable's assignment; elsewhere it is a name."""
OPTION = re.compile(r"otklik run ([^`\n]*)|ARGS=\"?([^`\"\n]*)")


def page_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def links(page: Path) -> Iterator[str]:
    for target in LINK.findall(CODE_BLOCK.sub("", page.read_text())):
        if "://" not in target and not target.startswith("mailto:"):
            yield target


def anchors(page: Path) -> set[str]:
    """As GitHub makes them: lower case, spaces to hyphens, punctuation gone."""
    headings = re.findall(r"^#+ (.+)$", CODE_BLOCK.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_link_leads_to_something(page: Path) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


@pytest.mark.parametrize("folder", TWO_LANGUAGES)
def test_every_page_for_users_is_in_both_languages(folder: str) -> None:
    pages = {path.name for path in (DOCS / folder).glob("*.md")}
    english = {name for name in pages if not name.endswith(".ru.md")}
    assert english
    assert {name.replace(".md", ".ru.md") for name in english} == pages - english


def test_both_languages_have_the_same_sections_and_commands() -> None:
    for folder in TWO_LANGUAGES:
        for english in (path for path in (DOCS / folder).glob("*.md") if not path.name.endswith(".ru.md")):
            russian = english.with_suffix(".ru.md")
            assert outline(english) == outline(russian), page_name(english)


def outline(page: Path) -> tuple[list[str], int]:
    """The depth of the headings in order, and how many code blocks there are."""
    text = page.read_text()
    return re.findall(r"^#+(?= )", CODE_BLOCK.sub("", text), re.MULTILINE), len(CODE_BLOCK.findall(text))


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_command_exists(page: Path) -> None:
    commands = getattr(get_command(app), "commands", {})
    for command, further in COMMAND.findall(page.read_text()):
        assert command in commands, f"otklik {command}"
        inner = getattr(commands[command], "commands", None)
        assert not (inner and further) or further in inner, f"otklik {command} {further}"


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_option_of_run_exists(page: Path) -> None:
    run = getattr(get_command(app), "commands", {})["run"]
    known = {option for parameter in run.params for option in parameter.opts}
    for found in OPTION.findall(page.read_text()):
        assert set(re.findall(r"--[a-z-]+", " ".join(found))) <= known


@pytest.mark.parametrize("name", ["errors", "configuration"])
def test_page_is_what_the_code_says(name: str) -> None:
    spec = importlib.util.spec_from_file_location(f"write_{name}", DOCS / "reference" / f"write_{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    again = f"run: python docs/reference/write_{name}.py"
    assert (DOCS / "reference" / f"{name}.md").read_text() == module.page(), again


@pytest.mark.parametrize("page", [page for page in PAGES if "```yaml" in page.read_text()], ids=page_name)
def test_example_of_the_configuration_can_be_applied_to_the_demo(page: Path) -> None:
    examples = re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    plain = to_plain(demo.CONFIGURATION, {})
    for example in examples:
        for name, things in yaml.read(example).plain.items():
            plain[name] = [*plain.get(name, []), *things] if isinstance(things, list) else things
    _, warnings = from_plain(plain, {})
    assert {fault.code for fault in warnings} <= {"config_queue_without_agents"}


def test_every_route_is_on_the_http_page() -> None:
    text = (DOCS / "reference" / "http.md").read_text()
    paths = assembly.openapi()["paths"]
    assert isinstance(paths, dict) and paths
    for path, methods in paths.items():
        for method in methods:
            assert f"`{method.upper()} {re.sub(r'{[a-z]+}', '{id}', path)}`" in text, f"{method} {path}"


def test_every_make_target_that_is_mentioned_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        mentioned = set(re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", page.read_text(), re.MULTILINE))
        assert {one or other for one, other in mentioned} <= targets, page_name(page)


def test_every_source_file_that_is_named_exists() -> None:
    for page in PAGES:
        for path in re.findall(r"`((?:src|tests|docs|deploy|ui)/[\w./-]+?)`", page.read_text()):
            assert (ROOT / path).exists(), f"{page_name(page)}: {path}"


def test_states_in_the_live_feed_page_are_those_of_the_engine() -> None:
    text = (DOCS / "reference" / "live-feed.md").read_text()
    for state in ContactState:
        if state not in (ContactState.SCENARIO, ContactState.WAITING, ContactState.ENDED):
            assert f"`{state.value}`" in text


def test_examples_for_a_server_name_settings_that_exist() -> None:
    known = set(re.findall(r"`(OTKLIK_[A-Z_]+)`", (DOCS / "reference" / "settings.md").read_text()))
    for path in [*PAGES, *(ROOT / "deploy").rglob("*.service"), *(ROOT / "deploy").rglob("*.conf")]:
        used = set(re.findall(r"\bOTKLIK_[A-Z_]+[A-Z]\b", path.read_text()))
        used = {name for name in used if not name.startswith(PREFIX)}  # secrets are called what their owner likes
        assert used <= known, f"{page_name(path)}: {used - known}"


def test_documents_do_not_mention_files_outside_the_repository() -> None:
    tracked = subprocess.run(["git", "ls-files", "docs", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if path.suffix == ".md" and path.exists():
            assert not re.search(r"/work/|\.\./shared|notes/[a-z-]+\.md", path.read_text()), name
