"""Writes `errors.md` from the messages in the code: `python docs/reference/write_errors.py`. A test compares them."""

from __future__ import annotations

from pathlib import Path

from otklik.errors import MESSAGES

TARGET = Path(__file__).with_name("errors.md")

OPENING = """\
# Errors

Every refusal has a code that programs may rely on and a text for people in their language. Over HTTP it looks like this:

```
{"error": {"code": "too_many_attempts", "message": "Too many sign-in attempts. Try again in 30 s.", "field": null, "seconds": 30}}
```

`field` names the input that is wrong, or is `null`. What stands in braces below is filled in, and is sent beside the message
under the same name. A refused request has changed nothing.

This page is written by `python docs/reference/write_errors.py` from `src/otklik/errors`.

| Code | English | По-русски |
|---|---|---|
"""


def page() -> str:
    rows = (f"| `{code}` | {_cell(text['en'])} | {_cell(text['ru'])} |" for code, text in sorted(MESSAGES.items()))
    return OPENING + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


if __name__ == "__main__":
    TARGET.write_text(page())
