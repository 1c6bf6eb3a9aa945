"""A click at the desk, from the request to its answer: everything in one process, and as several.

Real processes over loopback. The answer comes when the fact is committed and decided, and the agent's page has been told.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import httpx
from tests.product import Product, Several

from bench._figures import load, report, spread

CLICKS = 400
WARM_UP = 50
MOST_MORE_MS = 10.0
"""What the second process may add to the median."""


def measure(product: Product) -> list[float]:
    """Milliseconds of each click."""
    product.start()
    try:
        with product.signed_in("anna") as anna:
            assert anna.post("/api/desk/shift", json={}).status_code == 200
            clicks = [_click(anna, number) for number in range(WARM_UP + CLICKS)]
            assert anna.delete("/api/desk/shift").status_code == 204
    finally:
        product.stop()
    return clicks[WARM_UP:]


def _click(anna: httpx.Client, number: int) -> float:
    body = {"status": "not_ready", "reason": ("lunch", "break")[number % 2]}
    began = time.perf_counter()
    answer = anna.put("/api/desk/status", json=body)
    took = time.perf_counter() - began
    assert answer.status_code == 204, answer.text
    return took * 1000


def main() -> int:
    before = load()
    folder = Path(tempfile.mkdtemp(prefix="otklik-bench-"))
    try:
        one = spread("one_process", measure(Product(folder / "one")))
        several = spread("several", measure(Several(folder / "several")))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    more = several["several_p50_ms"] - one["one_process_p50_ms"]
    return report(
        "click",
        one | several | {"more_p50_ms": more, "load_before": before},
        peer={"several_p50_ms": one["one_process_p50_ms"]},
        ratio=several["several_p50_ms"] / one["one_process_p50_ms"],
        goal=f"several processes add at most {MOST_MORE_MS:g} ms to the median of a click",
        holds=more <= MOST_MORE_MS,
    )


if __name__ == "__main__":
    raise SystemExit(main())
