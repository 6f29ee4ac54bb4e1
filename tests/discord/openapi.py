"""Checks REST payloads against Discord's own OpenAPI description."""

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

SPEC = Path(__file__).resolve().parents[3] / "shared" / "specs" / "discord-openapi.json"
URI = "urn:discord"


@functools.cache
def spec() -> dict[str, Any]:
    loaded = json.loads(SPEC.read_text(encoding="utf-8"))
    # discord.py sends the ids of new attachments and of recipients as integers.
    loaded["components"]["schemas"]["SnowflakeType"] = {"type": ["string", "integer"]}
    return loaded


@functools.cache
def registry() -> Registry[Any]:
    resource = Resource(contents=spec(), specification=DRAFT202012)
    return Registry[Any]().with_resource(URI, resource)


@functools.cache
def routes() -> list[tuple[re.Pattern[str], str]]:
    """Every path as a pattern, those with fewer placeholders first."""
    paths = sorted(spec()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]


def check_payloads(requests: list[Any]) -> None:
    """Fail on what Discord would refuse; where the description is absent, check nothing."""
    if SPEC.exists():
        assert list(problems(requests)) == []


def problems(requests: list[Any]) -> Iterator[str]:
    """Yield one line for every payload that Discord would refuse."""
    for request in requests:
        if request.json is None:
            continue
        body = _body_schema(request.method, request.path)
        if body is None:
            yield f"{request.method} {request.path}: no such operation with a body"
            continue
        validator = jsonschema.Draft202012Validator(body, registry=registry())
        for error in validator.iter_errors(request.json):
            leaf = _deepest(error)
            yield f"{request.method} {request.path}: {leaf.json_path}: {leaf.message[:200]}"


def _body_schema(method: str, path: str) -> dict[str, str] | None:
    template = next((name for pattern, name in routes() if pattern.fullmatch(path)), None)
    operation = spec()["paths"].get(template, {}).get(method.lower(), {})
    kinds = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in kinds:
        return None
    parts = ("paths", template, method.lower(), "requestBody", "content", "application/json")
    pointer = "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return {"$ref": f"{URI}#/{pointer}/schema"}


def _deepest(error: Any) -> Any:
    """Descend to the leaf that says most; alternatives that fail on their type say nothing."""
    while error.context:
        telling = [leaf for leaf in error.context if leaf.validator != "enum"] or error.context
        error = max(telling, key=lambda leaf: len(leaf.absolute_path))
    return error
