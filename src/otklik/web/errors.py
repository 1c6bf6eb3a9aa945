"""The one place where a failure becomes an answer: always the same envelope, in the person's language."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from otklik.errors import LANGUAGES, AppError, Language, PeerError

log = structlog.get_logger()


class Fault(BaseModel):
    """`field` names the input that is to blame; more keys may stand beside, such as `seconds` or `state`."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str
    field: str | None


class Refusal(BaseModel):
    error: Fault


def install(app: FastAPI) -> None:
    app.add_exception_handler(AppError, _refused)
    app.add_exception_handler(PeerError, _peer_failed)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unknown)


def answer(error: AppError, connection: HTTPConnection) -> JSONResponse:
    """The envelope of this error for whoever asks."""
    language = language_of(connection)
    fault = {"code": error.code, "message": error.message(language), "field": error.field}
    headers = {"Retry-After": str(error.data["seconds"])} if "seconds" in error.data else None
    return JSONResponse({"error": {**error.data, **fault}}, error.status, headers=headers)


def language_of(connection: HTTPConnection) -> Language:
    """The signed-in person's; else the first of ours in Accept-Language; else Russian."""
    person = connection.scope.get("state", {}).get("person")
    if person is not None:
        signed_in: Language = person.language
        return signed_in
    ranked: list[tuple[float, int, Language]] = []
    for place, part in enumerate(connection.headers.get("accept-language", "").split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        for language in LANGUAGES:
            if tag.lower().split("-")[0] == language:
                ranked.append((-_weight(weight), place, language))
    return min(ranked)[2] if ranked else "ru"


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AppError)
    return answer(error, request)


def peer_failure(error: PeerError, connection: HTTPConnection) -> AppError:
    """What a person is told when a peer failed; for the telephone switch, what to do about it."""
    if error.peer == "database":
        return AppError("database_down", 503)
    state = connection.scope["app"].state.telephony() if "app" in connection.scope else {}
    advice = state.get("advice")
    if not state.get("up", True) and isinstance(advice, Mapping):
        return AppError("telephony_down", 503, advice=advice.get(language_of(connection), ""))
    return AppError("peer_unavailable", 503, peer=error.peer)


async def _peer_failed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PeerError)
    log.warning("peer_failed", peer=error.peer, reason=error.reason, path=route_of(request.scope))
    return answer(peer_failure(error, request), request)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return answer(AppError("method_not_allowed", 405), request)
    if error.status_code == 404:
        return answer(AppError("not_found", 404), request)
    # What else Starlette itself may say (400 for a body it cannot read) is about the input.
    name, reason = ("тело запроса", "не читается") if language_of(request) == "ru" else ("request body", "unreadable")
    return answer(AppError("invalid_input", error.status_code, name=name, reason=reason), request)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name = _field(first["loc"])
    reason = reason_of(first, language_of(request))
    return answer(AppError("invalid_input", 400, field=name, name=name, reason=reason), request)


async def _unknown(request: Request, error: Exception) -> JSONResponse:
    """Starlette raises the error again after the answer; the server writes its traceback."""
    number = secrets.token_hex(4)
    log.error("request_failed", id=number, path=route_of(request.scope), error=type(error).__name__, exc_info=error)
    return answer(AppError("internal_error", 500, id=number), request)


def route_of(scope: Mapping[str, Any]) -> str:
    """The route's template, never the path itself: no id and no number in figures and logs."""
    return str(getattr(scope.get("route"), "path", "(none)"))


def _field(location: Sequence[str | int]) -> str:
    """("body", "login") -> "login"; the body itself is called "body"."""
    names = [str(part) for part in location if not isinstance(part, int)]
    return ".".join(names[1:]) or (names[0] if names else "body")


# By pydantic's type of fault; the rest is said in general words.
_REASONS: Final[dict[str, dict[Language, str]]] = {
    "missing": {"ru": "обязательно", "en": "is required"},
    "string_too_short": {"ru": "не короче {min_length} зн.", "en": "must have at least {min_length} characters"},
    "string_too_long": {"ru": "не длиннее {max_length} зн.", "en": "must have at most {max_length} characters"},
    "string_pattern_mismatch": {"ru": "содержит недопустимый знак", "en": "contains a character that is not allowed"},
    "string_type": {"ru": "должно быть текстом", "en": "must be text"},
    "literal_error": {"ru": "должно быть одним из: {expected}", "en": "must be one of: {expected}"},
    "int_type": {"ru": "должно быть целым числом", "en": "must be a whole number"},
    "int_parsing": {"ru": "должно быть целым числом", "en": "must be a whole number"},
    "int_from_float": {"ru": "должно быть целым числом", "en": "must be a whole number"},
    "float_type": {"ru": "должно быть числом", "en": "must be a number"},
    "float_parsing": {"ru": "должно быть числом", "en": "must be a number"},
    "finite_number": {"ru": "должно быть обычным числом", "en": "must be a finite number"},
    "bool_type": {"ru": "должно быть true или false", "en": "must be true or false"},
    "bool_parsing": {"ru": "должно быть true или false", "en": "must be true or false"},
    "greater_than_equal": {"ru": "не меньше {ge}", "en": "must be at least {ge}"},
    "less_than_equal": {"ru": "не больше {le}", "en": "must be at most {le}"},
    "json_invalid": {"ru": "не читается как JSON", "en": "is not valid JSON"},
    "uuid_parsing": {"ru": "это не идентификатор", "en": "is not an identifier"},
    "model_attributes_type": {"ru": "должен быть объект JSON", "en": "must be a JSON object"},
    "dict_type": {"ru": "должен быть объект JSON", "en": "must be a JSON object"},
}
_OTHERWISE: Final[dict[Language, str]] = {"ru": "недопустимое значение", "en": "is not valid"}


def reason_of(fault: Mapping[str, Any], language: Language) -> str:
    """Why the input is wrong and how to mend it, in the language."""
    template = _REASONS.get(str(fault["type"]), {}).get(language, _OTHERWISE[language])
    context = {name: str(value) for name, value in (fault.get("ctx") or {}).items()}
    if language == "ru" and "expected" in context:
        context["expected"] = context["expected"].replace(" or ", " или ")
    return template.format_map(context)
