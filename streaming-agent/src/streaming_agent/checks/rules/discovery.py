"""discovery: an address that is no discovery document's."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule
from ..token_decisions import JWT_PATH

RULE = Rule(
    code="CHK043",
    name="discovery",
    severity=Severity.ERROR,
    title="An address that is no discovery document's",
    why="DiscoveryUrl must be the address of the issuer's OpenID or OAuth metadata.",
    fix="https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${Pool}/.well-known/openid-configuration",
    source=f"{AGENTCORE}/inbound-jwt-authorizer.html",
    group="Tokens and sessions",
    undecided="the address, or its end, is not in the template",
)
_KNOWN = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for runtime in context.runtimes:
        jwt = context.jwt_authorizer(runtime)
        url = jwt.get("DiscoveryUrl") if isinstance(jwt, dict) else None
        if not isinstance(url, str):
            continue
        # RFC 8414 puts the issuer's path behind the well-known part
        fits = url.endswith(_KNOWN[0]) or f"{_KNOWN[1]}/" in f"{url}/"
        if fits:
            continue
        if (unknown := context.symbols.unknown(url)) and (context.symbols.of(url[-1:]) or context.symbols.only(url)):
            yield RULE.cannot_tell(runtime, (*JWT_PATH, "DiscoveryUrl"), f"the address is not known: {unknown.why}")
        else:
            yield RULE.hit(
                runtime,
                (*JWT_PATH, "DiscoveryUrl"),
                f"{context.symbols.shown(url)} ends in neither {_KNOWN[0]} nor {_KNOWN[1]}",
            )
