"""The container's files keep our rules; no engine is needed to see that."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name in SERVICES if name != "postgres"]

STRINGS = {"type": "array", "items": {"type": "string"}}
LISTS = (
    *("cap_drop", "command", "entrypoint", "networks", "profiles"),
    *("security_opt", "tmpfs", "volumes"),
)
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["image", "profiles", "restart", "logging"],
    "properties": {
        **{name: {"type": "string"} for name in ("build", "image", "restart")},
        **{name: {"type": "boolean"} for name in ("init", "read_only")},
        **dict.fromkeys(LISTS, STRINGS),
        "depends_on": {
            "additionalProperties": {
                "additionalProperties": False,
                "properties": {"condition": {"pattern": "^service_"}},
            }
        },
        "env_file": {"type": "array"},
        "environment": {"additionalProperties": {"type": "string"}},
        "healthcheck": {
            "properties": {"test": STRINGS, "disable": {"const": True}, "retries": {}},
        },
        "logging": {"required": ["driver", "options"]},
        "shm_size": {"pattern": r"^\d+mb$"},
        "stop_grace_period": {"pattern": r"^\d+[sm]$"},
    },
}
"""What of the Compose specification is used here, with its types."""


def instructions() -> list[tuple[str, str]]:
    """Return each instruction of the Dockerfile with its arguments, lines joined."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", DOCKERFILE))
    return [
        (line.split(maxsplit=1)[0], line.split(maxsplit=1)[1])
        for line in joined.splitlines()
        if line
    ]


def of(name: str) -> list[str]:
    return [arguments for instruction, arguments in instructions() if instruction == name]


def final_stage() -> list[tuple[str, str]]:
    starts = [at for at, (name, _) in enumerate(instructions()) if name == "FROM"]
    return instructions()[starts[-1] :]


def test_the_image_is_built_in_two_stages_of_one_pinned_slim_python():
    bases = [arguments.split()[0] for arguments in of("FROM")]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+-slim", bases[0])


def test_packages_come_from_the_lock_file_by_their_hashes():
    assert any("requirements.lock" in arguments for arguments in of("COPY"))
    installs = [part for run in of("RUN") for part in run.split("&&") if "pip install" in part]
    assert len(installs) >= 3
    for install in installs:
        assert "--require-hashes" in install or "--no-deps --no-build-isolation" in install


def test_the_program_runs_as_nobody_special_and_stops_when_told():
    names = [name for name, _ in final_stage()]
    (user,) = (arguments for name, arguments in final_stage() if name == "USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert names.index("USER") > max(at for at, name in enumerate(names) if name in {"RUN", "COPY"})
    assert ("STOPSIGNAL", "SIGTERM") in final_stage()
    assert ("ENTRYPOINT", '["python", "-m", "bot"]') in final_stage()  # no shell in between
    assert "HEALTHCHECK" in names


def test_no_secret_gets_into_the_image():
    for name in ("ARG", "ENV"):
        for arguments in of(name):
            assert not re.search(r"TOKEN|SECRET|PASSWORD|KEY|DATABASE_URL", arguments)
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in ignored if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {line.removeprefix("!").rstrip("/") for line in rules if line.startswith("!")}
    assert not {".env", "data", ".git", "tests"} & allowed
    assert all((ROOT / name).exists() for name in allowed)
    copied = {
        source.removeprefix("./")
        for arguments in of("COPY")
        if "--from" not in arguments
        for source in arguments.split()[:-1]
    }
    assert copied == allowed


@pytest.mark.parametrize("name", ["Dockerfile", ".dockerignore", "compose.yaml"])
def test_images_and_packages_come_from_wherever_the_operator_has_them(name: str):
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"https?://(?!127\.0\.0\.1)", text)
    assert not re.search(r"(?m)^\s*(?:FROM|image:)\s+\S*\.\S*/", text)
    assert "--index-url" not in text


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_spelt_as_compose_wants_it(name: str):
    jsonschema.validate(SERVICES[name], SERVICE)


def test_what_services_refer_to_is_there():
    for name, service in SERVICES.items():
        (profile,) = service["profiles"]
        for other in service.get("depends_on", {}):
            assert SERVICES[other]["profiles"] == [profile], name
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in COMPOSE["volumes"]
        for network in service.get("networks", []):
            assert network in COMPOSE["networks"]
    assert {service["profiles"][0] for service in SERVICES.values()} == {
        "alone",
        "postgres",
        "dask",
        "shards",
    }


def test_a_service_that_others_wait_for_can_tell_that_it_is_healthy():
    for service in SERVICES.values():
        for other, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert SERVICES[other]["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_our_services_can_change_nothing_but_their_data(name: str):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108 - a file system in memory
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["stop_grace_period"].removesuffix("s")) > 10


def test_nothing_is_published_and_dask_is_alone_with_the_bot():
    assert not any("ports" in service for service in SERVICES.values())
    assert COMPOSE["networks"]["cluster"] == {"internal": True}
    for name in ("scheduler", "worker"):
        assert SERVICES[name]["networks"] == ["cluster"]


def test_settings_of_the_bot_are_settings_and_no_secrets():
    known = {name.upper() for name in Settings.model_fields}
    for name in OURS:
        environment = SERVICES[name].get("environment", {})
        assert set(environment) <= known
        assert not {"DISCORD_TOKEN", "DATABASE_URL", "TOKEN_KEYS"} & set(environment)
