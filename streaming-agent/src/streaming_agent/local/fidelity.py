"""What the local run models, what it assumes where AWS's documents are silent, and what is not there."""

from dataclasses import dataclass
from enum import Enum


class Status(Enum):
    """How far a behaviour can be trusted."""

    MODELLED = "modelled"  # documented by AWS, done by the template's values, tested
    ASSUMED = "assumed"  # AWS's documents don't say; this is our choice
    ABSENT = "not there"


@dataclass(frozen=True)
class Behaviour:
    """One behaviour of one service."""

    service: str
    status: Status
    text: str


_GATEWAY, _ISSUER, _RUNTIME = "API Gateway", "Cognito", "AgentCore Runtime"
_M, _A, _X = Status.MODELLED, Status.ASSUMED, Status.ABSENT

BEHAVIOURS = [
    Behaviour(_GATEWAY, _M, "REST APIs of Method resources, OpenAPI documents and SAM; the most specific path first"),
    Behaviour(_GATEWAY, _M, "MOCK integrations with request and response templates, as the CDK's CORS writes them"),
    Behaviour(_GATEWAY, _M, "Cognito authorizers: ID tokens, and with scopes access tokens"),
    Behaviour(
        _GATEWAY, _M, "Lambda authorizers, TOKEN and REQUEST, run from the assembly by Python or Node, and cached"
    ),
    Behaviour(_GATEWAY, _M, "AWS_IAM by Signature Version 4 with local credentials"),
    Behaviour(_GATEWAY, _M, "header, query and path mappings; a client's query arguments are merged with mapped ones"),
    Behaviour(
        _GATEWAY,
        _M,
        "secrets of the template: random values, the same for a mapping and for an agent that asks",
    ),
    Behaviour(_GATEWAY, _M, "STREAM chunk by chunk for up to 15 minutes, BUFFERED at once for up to 29 seconds"),
    Behaviour(_GATEWAY, _M, "5 minutes of silence at most, 30 seconds on edge-optimised APIs"),
    Behaviour(_GATEWAY, _M, "requests up to 10 MB; answers 10 MB at full speed, then 2 MB a second"),
    Behaviour(_GATEWAY, _M, "CORS preflight and gateway responses, with the template's headers and bodies"),
    Behaviour(_GATEWAY, _M, "throttling of the stage and its methods; API keys with throttle and quota"),
    Behaviour(_GATEWAY, _M, "WAF rules on query, path, headers, body, and on requests of one address"),
    Behaviour(_GATEWAY, _M, "access-log lines in the template's format"),
    Behaviour(_GATEWAY, _A, "a stream that meets a limit ends without its last chunk"),
    Behaviour(_GATEWAY, _A, "the order: firewall, path, size, authorizer, API key, throttle"),
    Behaviour(_GATEWAY, _A, "two Authorization headers are refused"),
    Behaviour(_GATEWAY, _A, "a Lambda authorizer whose context is null answers as one whose context is a list: a 500"),
    Behaviour(
        _GATEWAY, _A, "a condition in a Lambda authorizer's policy that is not known here denies, and does not allow"
    ),
    Behaviour(_GATEWAY, _A, "entries of MethodSettings are united, the more exact one first; -1 sets no limit"),
    Behaviour(_GATEWAY, _A, "an AWS_IAM method may map a header onto the integration's Authorization"),
    Behaviour(_GATEWAY, _X, "AWS's managed WAF rules, resource and IAM policies, mutual TLS, custom domains"),
    Behaviour(_GATEWAY, _A, "a MOCK whose request template gives no statusCode is a 500"),
    Behaviour(_GATEWAY, _X, "routes to Lambda functions and other addresses: they answer 501 and say why"),
    Behaviour(_GATEWAY, _X, "caching, request validators, models, client certificates; Velocity's macros and #parse"),
    Behaviour(_ISSUER, _M, "a key for each pool, tokens with Cognito's claims and the client's lifetimes"),
    Behaviour(_ISSUER, _M, "SRP, password, administrator's and refresh flows, each if the client allows it"),
    Behaviour(_ISSUER, _M, "managed login by code with PKCE, client credentials with scopes, logout"),
    Behaviour(_ISSUER, _A, "the administrator's flow asks for no AWS credentials"),
    Behaviour(_ISSUER, _A, "users have every group and claim that the runtime's authorizer asks for"),
    Behaviour(_ISSUER, _M, "OpenID discovery, and RFC 8414's at .well-known/oauth-authorization-server"),
    Behaviour(_ISSUER, _A, "a pool or provider that no template of the app makes admits the local user"),
    Behaviour(_ISSUER, _X, "MFA, sign-up, password change, Lambda triggers, federation, branding"),
    Behaviour(_RUNTIME, _M, "CustomJWTAuthorizer: audiences, clients, scopes, custom claims, each list that is set"),
    Behaviour(_RUNTIME, _M, "session ids of 33 to 256 characters, idle time and lifetime of sessions"),
    Behaviour(_RUNTIME, _M, "endpoints by qualifier, accountId with the id form, 100 MB payloads"),
    Behaviour(_RUNTIME, _M, "only allow-listed headers reach the agent; the template's environment does"),
    Behaviour(
        _RUNTIME,
        _M,
        "a process for each session, in its own environment; a start over 30 seconds is a 424",
    ),
    Behaviour(_RUNTIME, _A, "an agent's own answer of 400 and more becomes a 424"),
    Behaviour(_RUNTIME, _A, "qualifier or accountId given twice with different values is refused"),
    Behaviour(_RUNTIME, _M, "the resource policy: which operations a token opens; stopping one's own session"),
    Behaviour(_RUNTIME, _M, "the ports and paths of the protocols HTTP, AG-UI, MCP and A2A"),
    Behaviour(_RUNTIME, _A, "calls of one session run at once; with --conflict a second one is a 409"),
    Behaviour(_RUNTIME, _A, "a policy's conditions on the network hold as for a call within the VPC"),
    Behaviour(_RUNTIME, _A, "a runtime that no template makes takes the tokens of the route that leads to it"),
    Behaviour(_RUNTIME, _A, "the agent's response headers, CORS among them, pass through"),
    Behaviour(
        _RUNTIME,
        _X,
        "SigV4 callers, containers, agents in other languages (but at --agent-url), shells, commands, WebSocket",
    ),
    Behaviour(
        _RUNTIME, _X, "AgentCore's memory, identity, gateway, browser, code interpreter; limits of CPU and memory"
    ),
]


def report() -> str:
    """The list, for a terminal."""
    lines = []
    for service in (_GATEWAY, _ISSUER, _RUNTIME):
        lines += ["", service]
        for status in Status:
            lines += [
                f"  {status.value:<10} {one.text}"
                for one in BEHAVIOURS
                if (one.service, one.status) == (service, status)
            ]
    return "\n".join(lines[1:])


def table() -> str:
    """The list, for docs/local.md."""
    rows = [f"| {one.service} | {one.status.value} | {one.text} |" for one in BEHAVIOURS]
    return "\n".join(["| service | | behaviour |", "| --- | --- | --- |", *rows])
