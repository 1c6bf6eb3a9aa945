"""The page's own files, read once and kept in memory: hashed ones are cached for ever, the page itself never."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from otklik.errors import AppError

STATIC: Final = Path(__file__).parent / "static"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_PACKED: Final = ("text/", "application/javascript", "application/json", "application/manifest", "image/svg")
_INLINE_SCRIPT: Final = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_NOT_BUILT: Final = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>Отклик</title></head><body>
<h1>Отклик работает, но страница не собрана</h1>
<p>Соберите её: <code>make run</code> или <code>python hatch_build.py</code> в папке с исходным кодом, затем обновите
эту страницу.</p>
<h1 lang="en">Otklik is running, but its page is not built</h1>
<p lang="en">Build it: <code>make run</code> or <code>python hatch_build.py</code> in the source folder, then reload
this page.</p>
</body></html>
"""


@dataclass(frozen=True, slots=True)
class StaticFile:
    body: bytes
    packed: bytes | None
    etag: str
    kind: str
    caching: str


def router(folder: Path = STATIC) -> APIRouter:
    """Serves every path that no other route took; mount it last."""
    files = _read(folder)
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/{path:path}", methods=["GET", "HEAD"])
    async def page(request: Request, path: str) -> Response:
        if path.startswith("api/") or path == "api":
            raise AppError("not_found", 404)
        found = files.get(path)
        # What has an extension is a file that is not there; all else is a screen that the page itself draws.
        if found is None and "." in path.rsplit("/", 1)[-1]:
            raise AppError("not_found", 404)
        found = found or files.get("index.html")
        if found is None:
            return HTMLResponse(_NOT_BUILT, headers={"Cache-Control": "no-store"})
        return _answer(found, request)

    return routes


def script_hashes(folder: Path = STATIC) -> list[str]:
    """What the page's own inline scripts are called in its Content-Security-Policy."""
    index = folder / "index.html"
    if not index.exists():
        return []
    scripts = _INLINE_SCRIPT.findall(index.read_text("utf-8"))
    return [f"'sha256-{b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in scripts]


def _answer(found: StaticFile, request: Request) -> Response:
    headers = {"ETag": found.etag, "Cache-Control": found.caching, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == found.etag:
        return Response(status_code=304, headers=headers)
    body = found.body
    if found.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body = found.packed
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=found.kind, headers=headers)


def _read(folder: Path) -> dict[str, StaticFile]:
    if not folder.is_dir():
        return {}
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {path.relative_to(folder).as_posix(): _file(path, folder) for path in paths}


def _file(path: Path, folder: Path) -> StaticFile:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = gzip.compress(body, 6, mtime=0) if kind.startswith(_PACKED) and len(body) > 1024 else None
    hashed = path.relative_to(folder).parts[0] == "assets"
    return StaticFile(
        body=body,
        packed=packed,
        etag=f'"{hashlib.sha256(body).hexdigest()[:20]}"',
        kind=kind,
        caching=_FOR_EVER if hashed else "no-cache",
    )
