"""Parameter mappings: what an expression such as `context.authorizer.claims.sub` is for one request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode, urlsplit

from ..messages import Request
from .rest_api import Integration

# Not sent on to the integration (APIGW `api-gateway-known-issues`), beside what a connection says about itself.
_DROPPED = {
    *("connection", "content-length", "expect", "host", "keep-alive", "max-forwards", "proxy-authenticate"),
    *("proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "via", "x-amzn-trace-id"),
}
_CONTEXT_VARIABLE = re.compile(r"\$\{?context\.([\w.\-:]+)\}?")


@dataclass(frozen=True)
class Context:
    """`$context`: what the API knows about one request."""

    request: Request
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)  # filled as more is known

    def value(self, expression: str) -> str | None:
        """What a mapping's source expression is here; `None` when the request has no such value."""
        if expression.startswith("'") and expression.endswith("'"):
            return expression[1:-1]
        scope, _, name = expression.partition(".")
        if scope == "context":
            return self.variables.get(name)
        place, _, parameter = name.removeprefix("request.").partition(".")
        match place:
            case "header":
                return self.request.header(parameter)
            case "querystring":
                return dict(self.request.query_arguments()).get(parameter)
            case "path":
                return self.path_parameters.get(parameter)
            case _:
                return None

    def filled(self, template: str) -> str:
        """A template with its `$context.…` variables written out; `-` for one that has no value, as in access logs."""
        return _CONTEXT_VARIABLE.sub(lambda match: self.variables.get(match[1], "-"), template)


def integration_request(
    context: Context, integration: Integration, trace_id: str, *, is_signed: bool = False
) -> tuple[str, Request]:
    """The address that the integration is asked at, and the request that it gets."""
    request = context.request
    mapped: dict[str, dict[str, str]] = {"header": {}, "querystring": {}, "path": {}}
    for target, source in integration.mappings.items():
        place, _, name = target.removeprefix("integration.request.").partition(".")
        value = context.value(source)
        if value is not None:
            mapped[place][name] = value
    uri = integration.uri
    for name, value in mapped["path"].items():
        uri = uri.replace(f"{{{name}}}", quote(value, safe=""))
    address = urlsplit(uri)
    replaced = {name.lower() for name in mapped["header"]}
    # the Authorization header of an AWS_IAM method is API Gateway's own (APIGW `api-gateway-known-issues`)
    dropped = _DROPPED | replaced | ({"authorization"} if is_signed else set())
    kept = [(name, value) for name, value in request.headers if name.lower() not in dropped]
    # a client's arguments are merged with mapped ones, not replaced by them
    query = "&".join(part for part in (address.query, request.query, urlencode(mapped["querystring"])) if part)
    return f"{address.scheme}://{address.netloc}", replace(
        request,
        method=integration.http_method,
        path=address.path,
        query=query,
        headers=(*kept, *mapped["header"].items(), ("X-Amzn-Trace-Id", trace_id)),
    )
