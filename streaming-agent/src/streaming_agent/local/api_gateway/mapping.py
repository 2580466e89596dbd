"""The integration request: which address is asked with which method, headers and query string."""

from dataclasses import replace
from urllib.parse import quote, urlencode, urlsplit

from ..messages import Request
from .request_context import Context
from .responses import HttpError
from .rest_api import LocalIntegration

# Not sent on to the integration (APIGW `api-gateway-known-issues`), beside what a connection says about itself.
_DROPPED = {
    *("connection", "content-length", "expect", "host", "keep-alive", "max-forwards", "proxy-authenticate"),
    *("proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "via", "x-amzn-trace-id"),
}


def integration_request(
    context: Context, integration: LocalIntegration, trace_id: str, *, is_signed: bool = False
) -> tuple[str, Request]:
    """The address that the integration is asked at, and the request that it gets."""
    request = context.request
    mapped: dict[str, dict[str, str]] = {"header": {}, "querystring": {}, "path": {}}
    for target, source in integration.mappings.items():
        place, _, name = target.removeprefix("integration.request.").partition(".")
        value = context.value(source)
        if value is not None:
            mapped[place][name] = value
        elif place == "header" and source.startswith("context.authorizer.") and request.header(name) is not None:
            # what AWS sends on then is not documented: the client's own value, perhaps another user's session
            log = f"{source} has no value, and the client sends {name} itself"
            raise HttpError("AUTHORIZER_CONFIGURATION_ERROR", log=log)
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
