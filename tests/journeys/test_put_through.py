"""A caller is put through to a number outside by a flow; sipp answers there as the trunk, is on another call, or lets it ring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from otklik.tenancy import yaml
from tests.journeys.floor import Floor
from tests.journeys.test_call import closed_row
from tests.journeys.test_callback import apply
from tests.journeys.test_calling_out import outside
from tests.product import Product
from tests.sipp import called, dial
from tests.tones import CUSTOMER_TONE, SECOND_AGENT_TONE

NUMBER, DOCTOR = "7100", "+78005553535"
FLOW = {
    "id": "doctor",
    "languages": ["ru"],
    "otherwise": "support",
    "blocks": [
        {
            "id": "doctor",
            "outside": {"dial": DOCTOR, "ring_seconds": 2},
            "exits": {"done": "bye", "busy": "sales", "no_answer": "support", "otherwise": "bye"},
        },
        {"id": "sales", "queue": {"queue": "sales"}},
        {"id": "support", "queue": {"queue": "support"}},
        {"id": "bye", "hang_up": {}},
    ],
}


@pytest.fixture
def put_through(product: Product) -> Iterator[None]:
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["text"]
        document = yaml.read(before).plain
        document["flows"] = [*document.get("flows", []), FLOW]
        document["entry_points"].append({"id": "doctor", "number": NUMBER, "scenario": "doctor"})
        apply(client, yaml.write(document))
    yield
    with product.signed_in("admin") as client:
        apply(client, before)


async def test_a_caller_talks_to_somebody_outside_or_goes_on_by_what_came_of_it(
    product: Product, floor: Floor, put_through: None
) -> None:
    port = outside(product)
    with called(port, SECOND_AGENT_TONE) as doctor:
        async with dial(product.sip_port, NUMBER, ani="+79300000071") as caller:
            await doctor.rings()
            assert doctor.invite().startswith(f"{DOCTOR}@")
            await doctor.answer()
            await caller.wait_to_hear(SECOND_AGENT_TONE)
            await doctor.wait_to_hear(CUSTOMER_TONE)
            await floor.until_contact("+79300000071", "outside")
            await caller.hang_up()
        await doctor.wait_until_over()
    with called(port, scenario="busy"):
        async with dial(product.sip_port, NUMBER, ani="+79300000072") as caller:
            busy = await floor.until_contact("+79300000072", "waiting")
            assert busy["queue"]["id"] == "sales"
            await caller.hang_up()
    with called(port):
        async with dial(product.sip_port, NUMBER, ani="+79300000073") as caller:
            unanswered = await floor.until_contact("+79300000073", "waiting")
            assert unanswered["queue"]["id"] == "support"
            await caller.hang_up()
    with product.signed_in("olga") as client:
        talked = await closed_row(client, "+79300000071", recorded=True)
        assert talked["outcome"] == "outside"
