"""StreamingRestApi: the REST API that callers reach, with its domain, its CORS answers and its stage's limits."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Sequence

from aws_cdk import Token
from aws_cdk import aws_apigateway as apigateway

from ..acknowledgments import acknowledge_api
from ..errors import StreamingAgentError
from ..protection.protection import ProtectionConfig, StageProtection, protect_stage
from ..protection.throttle import ThrottleLimits
from .cors import CorsConfig, open_error_responses
from .custom_domain import domain_url, map_domain
from .endpoint import EndpointConfig
from .invocation import SessionBinding, reserved_by_gateway
from .method_settings import method_settings

if typing.TYPE_CHECKING:
    from constructs import Construct

    from ..auth.auth_config import AuthConfig
    from ..stack_values import StackValues


@dataclasses.dataclass(frozen=True, kw_only=True)
class StageLogConfig:
    """What a stage logs and traces."""

    options: apigateway.StageOptions
    """The stage's name, its access log and its traces."""
    level: str
    """What API Gateway writes to its own log group: the reasons of its errors, where requests are logged at all."""
    account_role: bool
    """Whether this stack sets the account's role for API Gateway's logs, whatever is set."""


class StreamingRestApi:
    """The REST API of one StreamingAgentApi."""

    values: StackValues
    """The values of its stack."""
    rest_api: apigateway.RestApi
    """The CDK's construct."""
    rest_api_id: str
    """Its id."""
    stage: apigateway.Stage
    """The stage that callers reach."""
    cfn_stage: apigateway.CfnStage
    """The stage's resource."""
    root: apigateway.IResource
    """The root of its paths."""
    url: str
    """Its address, with a slash at the end."""
    cors: CorsConfig | None
    """Which web pages may call it."""
    _deployment: apigateway.Deployment | None
    _logging_level: str
    _is_private: bool
    _method_settings: list[apigateway.CfnStage.MethodSettingProperty]

    def __init__(
        self,
        scope: Construct,
        values: StackValues,
        name: str,
        endpoint: EndpointConfig,
        cors: CorsConfig | None,
        stage_log: StageLogConfig,
    ) -> None:
        self.values = values
        self.rest_api = apigateway.RestApi(
            scope,
            "Api",
            rest_api_name=f"{values.stack.stack_name}-{name}",
            endpoint_configuration=endpoint.configuration,
            policy=endpoint.policy,
            # With a custom domain, the default endpoint is switched off: it would not ask for client certificates.
            disable_execute_api_endpoint=True if endpoint.domain is not None else None,
            # An account has one role for API Gateway's logs; a stack that sets it changes it for every other API.
            cloud_watch_role=stage_log.account_role,
            deploy_options=stage_log.options,
        )
        self.rest_api_id = self.rest_api.rest_api_id
        self.stage = self.rest_api.deployment_stage
        self.cfn_stage = typing.cast(apigateway.CfnStage, self.stage.node.default_child)
        self.root = self.rest_api.root
        self.cors = cors
        self._deployment = self.rest_api.latest_deployment
        self._logging_level = stage_log.level
        self._is_private = endpoint.is_private
        self._method_settings = []
        self.url = domain_url(endpoint.domain) if endpoint.domain is not None else self.rest_api.url
        if endpoint.domain is not None:
            map_domain(scope, self.rest_api, endpoint.domain, endpoint.is_edge, values.region)
        if cors is not None:
            open_error_responses(self.rest_api, cors)

    def redeploy_with(self, what: str, key: Sequence[str]) -> None:
        """Makes a new deployment whenever the key changes: the stage would keep what it was deployed with."""
        if self._deployment is not None:
            self._deployment.add_to_logical_id([what, list(key)])

    def protect(
        self, scope: Construct, protection: ProtectionConfig, auth: AuthConfig, session: SessionBinding
    ) -> StageProtection:
        """Puts the throttle, the firewall and the plan of the keys in front of the stage, and says what is left out."""
        acknowledge_api(scope, self.cfn_stage, auth.user_pool is not None)
        self.limit("/*", "*", protection.limits)
        reserved = reserved_by_gateway(session, auth)
        return protect_stage(
            scope, self.values, self.rest_api, self.stage, protection, auth.request_headers, reserved, self._is_private
        )

    def limit(self, path: str, method: str, limits: ThrottleLimits) -> None:
        """Limits the requests of a method; ``/*`` and ``*`` mean all of them."""
        self._method_settings.append(method_settings(path, method, limits, self._logging_level))
        # The CDK takes them when a stage is made, and agents are added later.
        self.cfn_stage.method_settings = list(self._method_settings)


def resolve_api_name(name: str) -> str:
    """The name of the API, refused where CloudWatch could not tell it from another: it takes 255 ASCII characters.

    The stack's name, of 128 characters at most, stands before it.
    """
    if Token.is_unresolved(name):
        raise StreamingAgentError(
            "SAC001", "id: expected a text that is known at synthesis, got one known only at deployment; write 'Agent'"
        )
    if re.fullmatch(r"[!-~]([ -~]{0,98}[!-~])?", name) is None:
        raise StreamingAgentError(
            "SAC001", f"id: expected 1 to 100 ASCII characters without spaces at the ends, got '{name}'; write 'Agent'"
        )
    return name
