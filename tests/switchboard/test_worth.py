"""What is worth a commit: a fact that can change nothing takes none."""

from __future__ import annotations

from sqlalchemy import text
from tests.switchboard.conftest import Running, until

from otklik.contact.facts import ContactFinished, WrapUpFinished


async def kinds(running: Running, contact: str) -> list[str]:
    async with running.database.transaction(running.tenant) as connection:
        query = text("select kind from fact where contact_id = :contact order by seq")
        return [row.kind for row in await connection.execute(query, {"contact": contact})]


async def test_a_line_that_is_taken_down_by_decision_is_no_fact_and_one_that_ends_by_itself_is(
    running: Running,
) -> None:
    anna = await running.ready("Анна")
    call = running.voice.arrive("1000")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    phone = running.voice.phone(anna)
    await until(lambda: phone.ringing)
    phone.answer()
    await until(lambda: call.hears == {"agent"})
    await running.exchange.submit(running.tenant, ContactFinished(contact=call.contact, agent=anna))
    await until(lambda: not call.alive)

    left = running.voice.arrive("1000")
    assert left is not None
    await until(lambda: left.said)
    left.hang_up()
    done = WrapUpFinished(contact=call.contact, agent=anna, disposition="resolved")
    await running.exchange.submit(running.tenant, done)  # whatever came before is written by now

    assert (await kinds(running, call.contact))[-2:] == ["contact_finished", "wrap_up_finished"]
    assert (await kinds(running, left.contact))[-1] == "customer_left"
    centre = running.exchange._centres[running.tenant]
    assert centre.runs == {} and [each.id for each in centre.engine.contacts()] == []
