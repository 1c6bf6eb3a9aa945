"""What telephony measures of itself, for Prometheus."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

CALLS: Final = Counter("otklik_voice_calls", "Calls that came in, by what became of them first.", ["outcome"])
COMMANDS: Final = Histogram(
    "otklik_voice_command_seconds",
    "From a command to the switch's reply.",
    ["peer"],
    buckets=(0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5),
)
CONNECTIONS: Final = Counter(
    "otklik_voice_connections", "Connections made to the switch, the first included.", ["peer"]
)
UP: Final = Gauge("otklik_voice_up", "1 while the switch is connected.", ["peer"])
OPEN_CALLS: Final = Gauge("otklik_voice_open_calls", "Customers' lines that are up now.")
HEARD: Final = Counter("otklik_voice_heard", "What customers said to questions, by what came of it.", ["outcome"])
RECORDINGS: Final = Counter("otklik_voice_recordings", "Recordings, by what became of them.", ["outcome"])
