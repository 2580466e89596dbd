"""MOCK integrations: the request template chooses the status, and the response of that status answers."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..messages import Reply
from ..part import Part
from ..patterns import BoundedPattern, InvalidPattern
from .request_context import Context
from .velocity import MappingTemplate, NotModelled

_JSON = "application/json"
_BARE_KEY = re.compile(r"([{,]\s*)([A-Za-z_]\w*)\s*:")


class MockFailed(Exception):
    """The mock has no answer; on AWS it is a 500."""


@dataclass(frozen=True, kw_only=True)
class MockResponse:
    """One integration response."""

    status: int
    pattern: str | None = None  # None: the default response
    headers: Mapping[str, str]
    templates: Mapping[str, MappingTemplate]


@dataclass(frozen=True, kw_only=True)
class MockIntegration:
    """What a MOCK method answers."""

    request_templates: Mapping[str, MappingTemplate]
    responses: Sequence[MockResponse]

    def reply(self, context: Context) -> Reply:
        """The answer to a request; raises `MockFailed` or `NotModelled`."""
        response = self._selected(self._status(context))
        overrides: dict[str, Any] = {}
        content_type, body = self._body(response, context, overrides)
        headers = {"Content-Type": content_type}
        for name, source in response.headers.items():
            value = context.value(source)
            if value is not None:
                headers[name] = value
        headers |= overrides.get("header", {})
        status = str(overrides.get("status", response.status))
        if not (status.isdigit() and 200 <= int(status) <= 599):
            raise MockFailed(f"its template gives the status {status}")
        return Reply(status=int(status), headers=tuple(headers.items()), body=body.encode(errors="replace"))

    def _status(self, context: Context) -> str:
        """What the request template says as statusCode (APIGW `how-to-mock-integration`)."""
        kind = (context.request.header("Content-Type") or _JSON).partition(";")[0].strip().lower()
        template = self.request_templates.get(kind) or self.request_templates.get(_JSON)
        text = template.rendered(context) if template else context.request.body.decode(errors="replace")
        # API Gateway reads keys without quotes too, as the CDK writes them: { statusCode: 200 }
        said = _read(text) or _read(_BARE_KEY.sub(r'\1"\2":', text))
        status = said.get("statusCode") if isinstance(said, dict) else None
        if status is None:
            raise MockFailed('its request template gives no statusCode; write one such as {"statusCode": 200}')
        return str(status)

    def _selected(self, status: str) -> MockResponse:
        for response in self.responses:
            if response.pattern is not None and _matches(response.pattern, status):
                return response
        default = next((response for response in self.responses if response.pattern is None), None)
        if default is None:
            raise MockFailed(f"none of its integration responses is for the status {status}")
        return default

    @staticmethod
    def _body(response: MockResponse, context: Context, overrides: dict[str, Any]) -> tuple[str, str]:
        if not response.templates:
            return _JSON, ""
        accepted = (context.request.header("Accept") or "").partition(";")[0].partition(",")[0].strip().lower()
        kind = accepted if accepted in response.templates else next(iter(response.templates))
        return kind, response.templates[kind].rendered(context, overrides)


def mock_integration(request_templates: Part, responses: Part) -> MockIntegration:
    """Reads a MOCK method's templates and responses, resolved; raises `NotModelled` and `Refusal`."""
    if isinstance(responses.value, dict):  # OpenAPI: its keys are the patterns
        listed: list[tuple[str | None, Part]] = [(name, responses.part(name)) for name in responses.value]
    else:
        listed = [(None, one) for one in responses.items()]
    return MockIntegration(
        request_templates=_templates(request_templates),
        responses=[_response(pattern, entry) for pattern, entry in listed],
    )


def _response(pattern: str | None, entry: Part) -> MockResponse:
    """An integration response as CloudFormation writes it, or as OpenAPI does, whose key is the pattern."""

    def named(name: str) -> str:
        return name if entry.has(name) else name[:1].lower() + name[1:]

    pattern = None if pattern in (None, "default") else pattern
    pattern = entry.text(named("SelectionPattern"), "") or pattern
    if pattern is not None:
        try:
            BoundedPattern(pattern)
        except InvalidPattern as problem:
            raise NotModelled(f"the selection pattern {pattern}: {problem}") from problem
    status = entry.text(named("StatusCode"), "200")
    if not status.isdigit():
        raise entry.part(named("StatusCode")).wrong("a status")
    parameters = entry.part(named("ResponseParameters"))
    return MockResponse(
        status=int(status),
        pattern=pattern,
        headers={
            name.removeprefix("method.response.header."): parameters.text(name)
            for name in parameters.names()
            if name.startswith("method.response.header.")
        },
        templates=_templates(entry.part(named("ResponseTemplates"))),
    )


def _templates(written: Part) -> dict[str, MappingTemplate]:
    return {kind.lower(): MappingTemplate(written.text(kind, "")) for kind in written.names()}


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _matches(pattern: str, status: str) -> bool:
    return BoundedPattern(pattern).is_whole(status)
