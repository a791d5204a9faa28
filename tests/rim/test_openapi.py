"""The OpenAPI document is right: schemathesis asks everything it allows and much it does not; and bodies that are no request."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.rim.web import KEY, Endless, Moving, Web, in_a_thread
from tests.turn.world import World

EXAMPLES = 15
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
HEADERS = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    world = World(context=10_000_000, clock=Moving())
    world.model.replies = Endless()
    with in_a_thread(world, requests_per_minute=1_000_000, loudspeaker=False) as made:
        yield made


OPERATIONS = [
    f"{method} {path}"
    for path, methods in {
        "/v1/models": ["GET"], "/v1/models/{name}": ["GET"], "/v1/chat/completions": ["POST"], "/v1/audio/speech": ["POST"],
        "/v1/audio/transcriptions": ["POST"], "/api/sessions": ["GET"], "/api/sessions/{key}": ["DELETE"],
        "/api/alarms": ["GET"], "/api/alarms/{number}": ["DELETE"], "/api/memory": ["GET", "DELETE"], "/api/memory/{name}": ["PUT", "DELETE"], "/api/say": ["POST"], "/healthz": ["GET"],
        "/readyz": ["GET"],
    }.items()
    for method in methods
]  # fmt: skip


def test_the_document_names_every_route(web: Web) -> None:
    paths = httpx.get(f"{web.url}/openapi.json", headers=HEADERS, trust_env=False).json()["paths"]
    assert sorted(OPERATIONS) == sorted(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods)


@pytest.mark.parametrize(
    ("name", "mode"),
    [(name, GenerationMode.POSITIVE) for name in OPERATIONS]
    + [(name, GenerationMode.NEGATIVE) for name in OPERATIONS if name.startswith(("POST", "PUT")) or "{" in name],
)
def test_no_request_is_a_fault_and_every_answer_is_as_documented(web: Web, name: str, mode: GenerationMode) -> None:
    method, path = name.split(" ")
    document = schemathesis.openapi.from_url(f"{web.url}/openapi.json", headers=HEADERS)
    operation = document[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=HEADERS, checks=CHECKS)

    ask()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
KEYS = st.sampled_from(
    ["model", "messages", "stream", "stop", "tools", "tool_choice", "response_format", "logit_bias", "seed", "n"]
)


@given(st.one_of(st.binary(max_size=200), JSON.map(lambda value: json.dumps(value).encode())))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_body_that_is_no_request_is_a_clear_4xx(web: Web, body: bytes) -> None:
    with httpx.Client(base_url=web.url, headers=HEADERS, trust_env=False) as client:
        for path in ("/v1/chat/completions", "/v1/audio/speech", "/v1/audio/transcriptions", "/api/say"):
            for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
                got = client.post(path, content=body, headers={"content-type": kind})
                assert 400 <= got.status_code < 500, (path, kind, got.text)
                assert set(got.json()["error"]) == {"message", "type", "param", "code"} and got.json()["error"]["message"]


@given(st.dictionaries(KEYS, JSON, max_size=4))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_request_with_strange_parts_is_answered_or_a_clear_4xx(web: Web, more: dict[str, object]) -> None:
    body = {"model": "assistant", "messages": [{"role": "user", "content": "hi"}]} | more
    with httpx.Client(base_url=web.url, headers=HEADERS, trust_env=False) as client:
        got = client.post("/v1/chat/completions", content=json.dumps(body), headers={"content-type": "application/json"})
    assert got.status_code < 500, got.text
    assert got.is_success or got.json()["error"]["message"]
