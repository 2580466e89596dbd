"""The REST API as the template says: routes, authorizers, integrations, gateway responses, the stage."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...template import Refusal
from ...template.integration_timeouts import BUFFERED_TIMEOUT_MS
from .authorizers import Authorizer
from .mock_integration import MockIntegration
from .throttling import ApiKeys, StageThrottle
from .web_acl import WebAcl


@dataclass(frozen=True, kw_only=True)
class LocalIntegration:
    """What stands behind a method."""

    type: str  # HTTP_PROXY or MOCK; another one is not run
    uri: str = ""
    http_method: str = "POST"
    streams: bool = False
    timeout_ms: int = BUFFERED_TIMEOUT_MS
    mappings: Mapping[str, str] = field(default_factory=dict)  # integration.request.… -> source expression
    mock: MockIntegration | None = None


@dataclass(frozen=True, kw_only=True)
class LocalRoute:
    """One method of one resource."""

    label: str  # its logical id, for messages
    http_method: str
    path: str
    integration: LocalIntegration
    authorizer: Authorizer | None = None
    scopes: tuple[str, ...] = ()
    api_key_required: bool = False
    required_parameters: tuple[str, ...] = ()
    runtime_id: str | None = None  # the id or ARN of the runtime that it leads to; None: it leads to no agent
    not_run: Refusal | None = None  # why the local run cannot answer it, for whoever calls it


@dataclass(frozen=True, kw_only=True)
class GatewayResponse:
    """What the API answers instead of its own words for one kind of error."""

    status: int | None
    headers: Mapping[str, str]
    templates: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class RestApi:
    """One API with one stage."""

    label: str
    id: str
    stage: str
    stage_variables: Mapping[str, str] = field(default_factory=dict)
    execution_arn: str  # arn:aws:execute-api:region:account:id
    edge_optimized: bool = False
    access_log_format: str | None = None
    routes: tuple[LocalRoute, ...]
    gateway_responses: Mapping[str, GatewayResponse] = field(default_factory=dict)
    web_acl: WebAcl
    throttle: StageThrottle
    api_keys: ApiKeys
