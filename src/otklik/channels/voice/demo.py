"""Placeholder until the simulated customers are here."""

from typing import Any


class DemoCustomers:
    def __init__(self, *_: Any) -> None:
        self.calls_per_minute = 0.0

    async def run(self) -> None: ...
