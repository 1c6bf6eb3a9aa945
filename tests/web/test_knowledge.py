"""The knowledge base: written and published by administrators, found in two languages and with typing errors, judged by agents."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from tests.web.conftest import AtDesk, Json, Site, at_desk, refusal

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
RETURN: Json = {
    "title": "Возврат букета",
    "body": "# Возврат\n\nПришлите **фотографии** в течение суток: вернём деньги на карту или счёт.",
    "language": "ru",
    "tags": ["деньги", "Повторный заказ"],
    "queues": ["support"],
}
DELIVERY: Json = {
    "title": "Доставка и курьеры",
    "body": "Доставляем ежедневно. Заказы от 3 000 ₽ бесплатно.",
    "language": "ru",
    "tags": ["Продажи"],
}
ENGLISH: Json = {"title": "Opening hours", "body": "Our shops are open daily from 9 to 21.", "language": "en"}


@pytest.fixture
async def writer(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """At the end there is no article left."""
    async with site.signed_in("admin") as client:
        yield client
        for each in (await client.get("/api/articles")).json()["articles"]:
            assert (await client.delete(f"/api/articles/{each['id']}")).status_code == 204


async def written(client: httpx.AsyncClient, *, publish: bool = True, **article: Any) -> Json:
    answer = await client.post("/api/articles", json={**article, "publish": publish})
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def titles(client: httpx.AsyncClient, q: str = "", contact: object = None) -> list[str]:
    query = {"q": q} if contact is None else {"q": q, "contact": str(contact)}
    answer = await client.get("/api/knowledge", params=query)
    assert answer.status_code == 200, answer.text
    return ["".join(piece["text"] for piece in each["title"]) for each in answer.json()["articles"]]


def hits(pieces: list[Json]) -> list[str]:
    return [piece["text"] for piece in pieces if piece["hit"]]


async def test_articles_are_found_by_other_forms_of_their_words_in_both_languages(
    site: Site, writer: httpx.AsyncClient
) -> None:
    for each in (RETURN, DELIVERY, ENGLISH):
        await written(writer, **each)
    async with site.signed_in("anna") as anna:
        assert await titles(anna, "вернуть фотографию букетов") == ["Возврат букета"]
        assert await titles(anna, "opened shop") == ["Opening hours"]
        assert await titles(anna, "счет") == ["Возврат букета"], "ё is typed as е"
        assert await titles(anna, "дост") == ["Доставка и курьеры"], "while it is being typed"
        assert await titles(anna, "даставка") == ["Доставка и курьеры"], "with an error"
        assert await titles(anna, "пылесос") == []
        found = (await anna.get("/api/knowledge", params={"q": "фотография"})).json()["articles"][0]
        assert (hits(found["snippet"]), found["suggested"]) == (["фотографии"], False)
        (found,) = (await anna.get("/api/knowledge", params={"q": "букеты"})).json()["articles"]
        assert (found["title"], hits(found["title"])) == (
            [{"text": "Возврат ", "hit": False}, {"text": "букета", "hit": True}],
            ["букета"],
        )


async def test_title_counts_more_than_body_and_all_words_more_than_some(site: Site, writer: httpx.AsyncClient) -> None:
    await written(writer, title="Скидки", body="Про доставку здесь одно слово.", language="ru")
    await written(writer, **DELIVERY)
    await written(writer, title="Доставка в область", body="Курьеры едут два дня.", language="ru")
    async with site.signed_in("anna") as anna:
        assert (await titles(anna, "доставка"))[-1] == "Скидки"
        assert (await titles(anna, "доставка область"))[0] == "Доставка в область"


async def test_only_the_published_version_is_found_and_read(site: Site, writer: httpx.AsyncClient) -> None:
    made = await written(writer, publish=False, **RETURN)
    path, over = f"/api/articles/{made['id']}", {"If-Match": '"1"'}
    async with site.signed_in("anna") as anna:
        assert await titles(anna, "возврат") == []
        assert refusal(await anna.get(f"/api/knowledge/{made['id']}")) == (404, "no_such_article")
        assert (await writer.put(f"{path}/publication", json={"version": 1})).status_code == 200
        newer = {**RETURN, "title": "Возврат денег", "publish": False}
        answer = await writer.put(path, json=newer, headers=over)
        assert (answer.json()["version"], answer.json()["published"]) == (2, 1)
        assert await titles(anna, "возврат") == ["Возврат букета"]
        assert refusal(await writer.put(path, json=newer, headers=over)) == (412, "article_conflict")
        assert refusal(await writer.put(path, json=newer)) == (428, "config_version_required")
        shown = (await writer.get(path)).json()
        assert [(each["version"], each["by"]) for each in shown["versions"]] == [
            (2, "Администратор"),
            (1, "Администратор"),
        ]
        assert (await writer.get(path, params={"version": 1})).json()["title"] == "Возврат букета"
        assert (await writer.put(f"{path}/publication", json={"version": 2})).status_code == 200
        assert await titles(anna, "возврат") == ["Возврат денег"]
        assert refusal(await writer.put(f"{path}/publication", json={"version": 3})) == (404, "no_such_article")
        assert (await writer.put(f"{path}/publication", json={"version": None})).status_code == 200
        assert await titles(anna, "возврат") == []


async def test_articles_that_fit_the_contact_come_without_looking(
    site: Site, anna: AtDesk, writer: httpx.AsyncClient
) -> None:
    for each in (RETURN, DELIVERY, ENGLISH):
        await written(writer, **each)
    call = await anna.talk()  # pressed 1: "Продажи"
    assert await titles(anna.client, contact=call.contact) == ["Доставка и курьеры", "Opening hours"]
    assert await titles(anna.client, "возврат", call.contact) == ["Возврат букета"], "looked for, all are found"


async def test_whether_it_helped_counts_once_for_each_contact(
    site: Site, anna: AtDesk, writer: httpx.AsyncClient
) -> None:
    made = await written(writer, **DELIVERY)
    call = await anna.talk()
    path = f"/api/knowledge/{made['id']}/contacts/{call.contact}"
    assert (await anna.put(path, {"helped": False})).status_code == 204
    assert (await anna.put(path, {"put": True})).status_code == 204
    assert (await anna.put(path, {"helped": True})).status_code == 204
    (line,) = (await writer.get("/api/articles")).json()["articles"]
    assert (line["put"], line["helped"], line["failed"]) == (1, 1, 0)
    read = (await anna.client.get(f"/api/knowledge/{made['id']}", params={"contact": str(call.contact)})).json()
    assert (read["helped"], read["put"], read["body"]) == (True, True, DELIVERY["body"])
    async with at_desk(site, "boris") as boris:
        assert refusal(await boris.put(path, {"helped": False})) == (409, "no_such_contact")
    assert (await writer.put(f"/api/articles/{made['id']}/publication", json={"version": None})).status_code == 200
    assert refusal(await anna.put(path, {"helped": True})) == (404, "no_such_article")


async def test_hostile_text_is_kept_as_text(site: Site, writer: httpx.AsyncClient) -> None:
    made = await written(writer, title=HOSTILE, body=HOSTILE, language="en", tags=["<b>x</b>"])
    async with site.signed_in("anna") as anna:
        read = await anna.get(f"/api/knowledge/{made['id']}")
        assert (read.json()["title"], read.json()["body"]) == (HOSTILE, HOSTILE)
        assert read.headers["content-type"] == "application/json"
        for odd in ("'", "\\", "a:*", "!!", "\x02\x03", "<->", "%", "a" * 200):
            assert (await anna.get("/api/knowledge", params={"q": odd})).status_code == 200, odd


async def test_bad_articles_change_nothing(writer: httpx.AsyncClient) -> None:
    for wrong, code in (
        ({"title": " "}, "invalid_input"),
        ({"body": "a\x00b"}, "invalid_input"),
        ({"language": "de"}, "invalid_input"),
        ({"queues": ["nowhere"]}, "no_such_queue"),
    ):
        answer = await writer.post("/api/articles", json={**DELIVERY, **wrong})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code), wrong
    assert (await writer.get("/api/articles")).json()["articles"] == []


async def test_neighbours_find_and_read_nothing(site: Site, writer: httpx.AsyncClient) -> None:
    made = await written(writer, **DELIVERY)
    async with site.signed_in("zoe") as zoe:
        assert await titles(zoe, "доставка") == []
        assert await titles(zoe) == []
        assert refusal(await zoe.get(f"/api/knowledge/{made['id']}")) == (404, "no_such_article")
