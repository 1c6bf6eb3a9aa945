"""Who is given which test: beside whoever listens to a browser no second browser is at work, and nobody waits for ever."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.conftest import OneBrowserFirst

LISTENS, LOOKS, OTHER = "tests/journeys/test_listens.py", "tests/journeys/test_looks.py", "tests/test_other.py"
FILES = (LISTENS, LOOKS, OTHER)
COLLECTION = [f"{file}::test_{number}" for file in FILES for number in range(4)]


class Node:
    """A worker that notes what it is given."""

    def __init__(self, name: str) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.given: list[int] = []
        self.shutting_down = False

    def send_runtest_some(self, indices: list[int]) -> None:
        self.given += indices

    def shutdown(self) -> None:
        self.shutting_down = True

    def files(self) -> list[str]:
        return list(dict.fromkeys(COLLECTION[index].partition("::")[0] for index in self.given))


@pytest.fixture
def begun(tmp_path: Path) -> tuple[OneBrowserFirst, Node, Node]:
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("@pytest.mark.alone" if file == LISTENS else "")
    config = SimpleNamespace(
        rootpath=tmp_path, option=SimpleNamespace(loadscopereorder=False), getvalue=lambda _: ["popen", "popen"]
    )
    scheduler = OneBrowserFirst(
        cast(Any, config), cast(Any, SimpleNamespace(loadscopesched=quiet, loadfilesched=quiet))
    )
    first, second = Node("first"), Node("second")
    for node in (first, second):
        scheduler.add_node(node)
        scheduler.add_node_collection(node, COLLECTION)
    scheduler.schedule()
    return scheduler, first, second


def quiet(*_: object) -> None:
    """In place of xdist's log."""


def run(scheduler: OneBrowserFirst, node: Node, file: str) -> None:
    for index in [index for index in node.given if COLLECTION[index].startswith(file)]:
        scheduler.mark_test_complete(node, index)


def test_no_second_browser_is_at_work_while_somebody_listens(begun: tuple[OneBrowserFirst, Node, Node]) -> None:
    scheduler, first, second = begun
    assert (first.files(), second.files()) == ([LISTENS], [OTHER])
    run(scheduler, second, OTHER)
    assert second.files() == [OTHER], "it waits"
    assert not second.shutting_down
    run(scheduler, first, LISTENS)
    assert first.files() + second.files()[1:] == [LISTENS, LOOKS]
    assert scheduler.workqueue == {} and second.shutting_down


def test_whoever_waited_comes_to_the_journeys_once_nobody_listens_any_more(
    begun: tuple[OneBrowserFirst, Node, Node],
) -> None:
    scheduler, first, second = begun
    scheduler.workqueue["tests/journeys/test_more.py"] = {}
    (scheduler.config.rootpath / "tests/journeys/test_more.py").write_text("")
    run(scheduler, second, OTHER)
    run(scheduler, first, LISTENS)
    assert "tests/journeys/test_more.py" in scheduler.assigned_work[second]
