"""`python -m tests.everything`: all tests at once. Journeys that listen to a browser come first; the rest works beside
them at a lower priority, and gets the whole machine when they are through.

What each part printed comes in one piece. The exit code is the worse of both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from typing import Final

LOWER: Final = 10
"""Niceness of the rest: a browser that must be heard gets nine tenths of a processor that both want."""
LISTENING: Final = ("-m", "alone", "--durations=25", "tests/journeys")
REST: Final = ("--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder", "-m", "not alone")


def main() -> int:
    pytest = [sys.executable, "-m", "pytest"]
    began = time.monotonic()
    with tempfile.TemporaryFile() as kept:
        rest = subprocess.Popen([*pytest, *REST], stdout=kept, stderr=kept, preexec_fn=lambda: os.nice(LOWER))
        try:
            listening = subprocess.run([*pytest, *LISTENING], check=False).returncode
            print(f"The rest, beside them so far for {time.monotonic() - began:.0f} s:", flush=True)
            others = rest.wait()
        finally:
            if rest.poll() is None:  # we were interrupted, and so should it be
                rest.terminate()
                rest.wait()
            kept.seek(0)
            sys.stdout.buffer.write(kept.read())
            sys.stdout.flush()
    return max(listening, others)


if __name__ == "__main__":
    raise SystemExit(main())
