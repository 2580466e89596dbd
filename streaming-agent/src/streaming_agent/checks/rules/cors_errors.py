"""cors-errors: the browser shows a CORS error in the place of a 401, 429 or 504."""

from collections.abc import Iterator

from ...template import Api, Unknown
from ..agent_routes import CheckContext
from ..cors import allows_origin, preflight_of
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK078",
    name="cors-errors",
    severity=Severity.WARNING,
    title="Errors without CORS headers",
    why=(
        "API Gateway's own errors carry the headers of its gateway responses: without Access-Control-Allow-Origin a"
        " browser shows 'CORS' and no 401, 403, 429 or 504."
    ),
    fix=(
        "AWS::ApiGateway::GatewayResponse of DEFAULT_4XX and DEFAULT_5XX with ResponseParameters:"
        " {gatewayresponse.header.Access-Control-Allow-Origin: \"'https://app.example.org'\"}"
    ),
    source=f"{APIGW}/supported-gateway-response-types.html",
    group="Limits, logs, deployment",
    absence=True,
    undecided="a gateway response is not in the template",
)
_WANTED = ("DEFAULT_4XX", "DEFAULT_5XX")


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for api in context.agent_apis:
        resource = api.resource
        preflight = next((found for agent in context.routes_of(api) if (found := preflight_of(agent))), None)
        if preflight is None and not (resource is not None and resource.has("Cors")):
            continue
        place = preflight[0] if preflight else resource
        if place is None:
            continue
        answers = {name: allows_origin(context, api, name) for name in _WANTED}
        missing = [name for name, answer in answers.items() if answer is False]
        if missing:
            yield RULE.hit(
                resource or place,
                (),
                f"{_name(api)} answers a preflight, and its {' and '.join(missing)} have no"
                " Access-Control-Allow-Origin",
                related=((place, preflight[1]),) if preflight else (),
            )
        elif any(isinstance(answer, Unknown) for answer in answers.values()):
            yield RULE.cannot_tell(resource or place, (), f"the gateway responses of {_name(api)} are not known")


def _name(api: Api) -> str:
    return api.resource.logical_id if api.resource else "the API"
