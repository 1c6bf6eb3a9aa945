"""The rules of CONVENTIONS that no linter knows: sizes, names, docstrings, and documents that tell the truth."""

from __future__ import annotations

import ast
import gc
import re
import subprocess
from pathlib import Path

import pytest

from otklik.contact import decisions, facts
from otklik.errors import LANGUAGES, MESSAGES
from otklik.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "otklik"
EMPTY_WORDS = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc|base|data|process)(_|$)", re.IGNORECASE)
PYTHON = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


def parsed(text: str) -> ast.Module:
    """Python 3.11 refuses to build a tree while the collector runs other tests' finalizers in the middle of it."""
    gc.disable()
    try:
        return ast.parse(text)
    finally:
        gc.enable()


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.splitlines()]


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(SOURCE)))
def test_file_is_at_most_500_lines_and_functions_50(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 500
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= 50, node.name


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(SOURCE)))
def test_names_say_something(path: Path) -> None:
    assert not EMPTY_WORDS.search(path.stem)
    for node in ast.walk(parsed(path.read_text())):
        if isinstance(node, ast.ClassDef):
            snake = re.sub(r"(?<!^)(?=[A-Z])", "_", node.name)
            assert not EMPTY_WORDS.search(snake), node.name


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module_opens_with_a_docstring(path: Path) -> None:
    assert ast.get_docstring(parsed(path.read_text())), "say what it is in one to five lines"


def test_root_holds_only_what_the_design_names() -> None:
    allowed = {
        "README.md", "README.ru.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile", "pyproject.toml",
        "requirements.lock", "hatch_build.py", ".gitignore",
    }  # fmt: skip
    assert {path.name for path in tracked() if path.parent == ROOT} <= allowed


def test_every_setting_is_documented_in_both_languages() -> None:
    for name in ("settings.md", "settings.ru.md"):
        text = (ROOT / "docs" / "reference" / name).read_text()
        missing = [
            f"OTKLIK_{field.upper()}" for field in Settings.model_fields if f"`OTKLIK_{field.upper()}`" not in text
        ]
        assert not missing, f"{name}: {missing}"


def test_every_error_has_both_languages_and_is_documented() -> None:
    text = (ROOT / "docs" / "reference" / "errors.md").read_text()
    for code, message in MESSAGES.items():
        assert all(message[language] for language in LANGUAGES), code
        assert set(re.findall(r"\{(\w+)\}", message["ru"])) == set(re.findall(r"\{(\w+)\}", message["en"])), code
        assert f"`{code}`" in text, code


def test_every_error_code_raised_has_a_message() -> None:
    raised = {
        node.args[0].value
        for path in PYTHON
        for node in ast.walk(parsed(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("AppError", "Refuse")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert raised <= set(MESSAGES)


def test_every_fact_and_decision_is_documented() -> None:
    text = (ROOT / "docs" / "reference" / "facts.md").read_text()
    for module in (facts, decisions):
        for name, value in vars(module).items():
            if isinstance(value, type) and value.__module__ == module.__name__:
                assert f"`{name}`" in text, name


def test_no_lock_and_no_file_names_a_package_index() -> None:
    for name in ("requirements.lock", "tests/requirements.lock", "ui/package-lock.json"):
        text = (ROOT / name).read_text()
        assert "--index-url" not in text
        assert not re.search(
            r'"resolved"|https?://(?!github\.com|opencollective|.*fund)\S*(registry|pypi|mirror)', text
        ), name
