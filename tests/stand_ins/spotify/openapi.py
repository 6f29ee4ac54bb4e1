"""Checks requests and replies against the OpenAPI description of Spotify's Web API.

Two things are read more strictly than written: what is deprecated may not be used, and a body has
no fields but those described. One is read less strictly: what is deprecated need not be sent.
"""

import functools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from bot.stand_in.exchange import Asked, Exchange
from bot.stand_in.service import PREFIX

SPEC = Path(__file__).resolve().parents[4] / "shared" / "specs" / "spotify-openapi.yml"
URI = "urn:spotify"
PROBE = "probe"
"""The user agent of requests that are wrong on purpose."""


@functools.cache
def spec() -> dict[str, Any]:
    return _as_json_schema(yaml.load(SPEC.read_text(encoding="utf-8"), yaml.CSafeLoader))


@functools.cache
def registry() -> Registry[Any]:
    resource = Resource(contents=spec(), specification=DRAFT4)
    return Registry[Any]().with_resource(URI, resource)


@functools.cache
def routes() -> list[tuple[re.Pattern[str], str]]:
    """Every path as a pattern, those with fewer placeholders first."""
    paths = sorted(spec()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]


def check_exchanges(exchanges: Sequence[Exchange]) -> None:
    """Fail on what Spotify would not send or accept; without the description, check nothing."""
    found = list(problems(exchanges)) if SPEC.exists() else []
    assert not found, "\n".join(found)


def problems(exchanges: Sequence[Exchange]) -> Iterator[str]:
    """Yield one line for everything in the Web API's exchanges that is not as described."""
    for exchange in exchanges:
        asked = exchange.asked
        if not asked.path.startswith(PREFIX):
            continue
        pointer, operation = _operation(asked)
        if asked.headers.get("User-Agent") != PROBE:
            for problem in _request_problems(asked, pointer, operation):
                yield f"{asked}: {problem}"
        if not exchange.was_in_trouble:
            for problem in _reply_problems(exchange, pointer, operation):
                yield f"{asked} → {exchange.answered.status}: {problem}"


def _operation(asked: Asked) -> tuple[str, dict[str, Any]]:
    bare = asked.path.removeprefix(PREFIX)
    template = next((name for pattern, name in routes() if pattern.fullmatch(bare)), "")
    operation = spec()["paths"].get(template, {}).get(asked.method.lower(), {})
    return _pointer("paths", template, asked.method.lower()), operation


def _request_problems(asked: Asked, pointer: str, operation: dict[str, Any]) -> Iterator[str]:
    if not operation:
        yield "no such operation"
        return
    if operation.get("deprecated"):
        yield "is deprecated"
    yield from _query_problems(asked, operation)
    described = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if asked.text and described is None:
        yield "has a body, and none is described"
    elif asked.text and described is not None:
        named = asked.json if isinstance(asked.json, dict) else {}
        unknown = set(named) - set(described["schema"]["properties"])
        yield from (f"unknown field {name}" for name in sorted(unknown))
        schema = f"{pointer}{_pointer('requestBody', 'content', 'application/json', 'schema')}"
        yield from _schema_problems(schema, asked.json)


def _query_problems(asked: Asked, operation: dict[str, Any]) -> Iterator[str]:
    resolved = [_resolved(each) for each in operation.get("parameters", [])]
    known = {each["name"]: each for each in resolved if each["in"] == "query"}
    for name in sorted(set(asked.query) - set(known)):
        yield f"unknown parameter {name}"
    for name, described in known.items():
        if described.get("required") and name not in asked.query:
            yield f"lacks parameter {name}"
        if name in asked.query:
            value = _read(asked.query[name], described["schema"])
            validator = _validator(described["schema"])
            yield from (f"{name}: {error.message}" for error in validator.iter_errors(value))


def _reply_problems(exchange: Exchange, pointer: str, operation: dict[str, Any]) -> Iterator[str]:
    answered = exchange.answered
    if answered.status >= 400:
        yield from _schema_problems("/components/schemas/ErrorObject", answered.document["error"])
        return
    status, responses = str(answered.status), operation.get("responses", {})
    if status not in responses:
        yield "is not described"
        return
    if "content" not in _resolved(responses[status]):
        return
    at = responses[status].get("$ref", "").removeprefix(f"{URI}#") or (
        f"{pointer}{_pointer('responses', status)}"
    )
    schema = f"{at}{_pointer('content', 'application/json', 'schema')}"
    yield from _schema_problems(schema, _without_nulls(json.loads(answered.body)))


def _without_nulls(part: Any) -> Any:
    """Leave out listeners' own files and what is not there any more.

    Their nulls are only told of in words.
    """
    if isinstance(part, list):
        return [_without_nulls(each) for each in part if not _has_nulls(each)]
    if isinstance(part, dict):
        return {name: _without_nulls(value) for name, value in part.items()}
    return part


def _has_nulls(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.get("is_local") or entry.get("item", 1) is None)


def _schema_problems(pointer: str, value: Any) -> Iterator[str]:
    for error in _validator({"$ref": f"{URI}#{pointer}"}).iter_errors(value):
        yield f"{error.json_path}: {error.message[:200]}"


def _validator(schema: dict[str, Any]) -> Any:
    return jsonschema.Draft4Validator(schema, registry=registry())


def _read(text: str, schema: dict[str, Any]) -> Any:
    if schema.get("type") == "integer" and text.isdecimal():
        return int(text)
    return text.split(",") if schema.get("type") == "array" else text


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref")
    if reference is None:
        return part
    found: Any = spec()
    for name in reference.removeprefix(f"{URI}#/").split("/"):
        found = found[name]
    return found


def _pointer(*names: str) -> str:
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)


def _as_json_schema(part: Any) -> Any:
    """OpenAPI 3.0 in JSON Schema's words: null by its type, nothing deprecated required."""
    if isinstance(part, list):
        return [_as_json_schema(each) for each in part]
    if not isinstance(part, dict):
        return part
    changed = {name: _as_json_schema(value) for name, value in part.items()}
    if isinstance(part.get("$ref"), str):
        changed["$ref"] = URI + part["$ref"]
    if part.get("nullable") is True and isinstance(part.get("type"), str):
        changed["type"] = [part["type"], "null"]
    if isinstance(part.get("properties"), dict) and isinstance(part.get("required"), list):
        changed["required"] = [
            name
            for name in part["required"]
            if not part["properties"].get(name, {}).get("deprecated")
        ]
        if not changed["required"]:
            del changed["required"]
    return changed
