"""Mutations of two good templates: each is found by its own rule and by no other; and for each rule one that is right.

A change is written as `Logical/path/to/property`; `GONE` takes it away. The path begins below `Resources`, and below
`Properties` where the second step is no section of a resource.
"""
# ruff: noqa: E501 (changes in one line each)

import copy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from streaming_agent.template import TemplateSet
from streaming_agent.template.parsed import parse

GONE = object()
_SECTIONS = ("Type", "Condition", "DependsOn", "Metadata", "Properties")
_FOLDER = Path(__file__).parent / "good"


@dataclass(frozen=True)
class Mutation:
    """A change and the rule that finds it; `rule` is `None` for one that nothing may find."""

    what: str
    base: str
    change: dict[str, Any]
    rule: str | None = None
    near: str = ""  # for what nothing may find: the rule that it is near to
    also: frozenset[str] = field(default_factory=frozenset)  # what may be found beside
    undecided: bool = False


def wrong(rule: str, what: str, base: str, change: dict[str, Any], *also: str, undecided: bool = False) -> Mutation:
    return Mutation(what, base, change, rule=rule, also=frozenset(also), undecided=undecided)


def right(near: str, what: str, base: str, change: dict[str, Any], *also: str) -> Mutation:
    return Mutation(what, base, change, near=near, also=frozenset(also))


@cache
def good(base: str) -> Any:
    path = _FOLDER / f"{base}.yaml"
    return parse(path.read_text(encoding="utf-8"), str(path)).value


def body(mutation: Mutation) -> dict[str, Any]:
    """The good template with the change in it."""
    changed: dict[str, Any] = copy.deepcopy(good(mutation.base))
    for path, value in mutation.change.items():
        steps: list[Any] = [int(step) if step.isdigit() else step for step in path.split("/")]
        if len(steps) == 1:
            if value is GONE:
                del changed["Resources"][steps[0]]
            else:
                changed["Resources"][steps[0]] = copy.deepcopy(value)
            continue
        at: Any = changed["Resources"][steps[0]]
        if steps[1] not in _SECTIONS:
            at = at.setdefault("Properties", {})
        for step in steps[1:-1]:
            at = at[step] if not isinstance(at, dict) or step in at else at.setdefault(step, {})
        if value is GONE:
            del at[steps[-1]]
        elif isinstance(at, list) and steps[-1] == len(at):
            at.append(copy.deepcopy(value))
        else:
            at[steps[-1]] = copy.deepcopy(value)
    return changed


def templates(mutation: Mutation) -> TemplateSet:
    return TemplateSet.of({"Chat": body(mutation)})


SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
HEADER = f"Ask/Integration/RequestParameters/integration.request.header.{SESSION}"
JWT = "Agent/AuthorizerConfiguration/CustomJWTAuthorizer"
LAMBDA = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path"
RUNTIMES = "https://bedrock-agentcore.${AWS::Region}.${AWS::URLSuffix}/runtimes"
QUERY = "qualifier=DEFAULT&accountId=${AWS::AccountId}"
SITE = "Site/DistributionConfig"
KEYS = {"Type": "AWS::ApiGateway::UsagePlan", "Properties": {
    "ApiStages": [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Live"}}], "Throttle": {"RateLimit": 5, "BurstLimit": 5},
}}  # fmt: skip


def sub(text: str) -> dict[str, str]:
    return {"Fn::Sub": text}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


ALLOW = {"Effect": "Allow", "Principal": "*", "Resource": {"Fn::GetAtt": ["Agent", "AgentRuntimeArn"]}}
ASK, ASK_ALL = "bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:InvokeAgentRuntime*"
SHELL = ["bedrock-agentcore:InvokeAgentRuntimeCommand", "bedrock-agentcore:InvokeAgentRuntimeCommandShell"]

STREAMING = [
    wrong("stream-missing", "no transfer mode", "runtime", {"Ask/Integration/ResponseTransferMode": GONE,
          "Ask/Integration/TimeoutInMillis": 29000}),
    wrong("stream-missing", "BUFFERED", "runtime", {"Ask/Integration/ResponseTransferMode": "BUFFERED",
          "Ask/Integration/TimeoutInMillis": GONE}),
    wrong("stream-missing", "a function that asks an agent, buffered", "function", {
          "Send/Integration/ResponseTransferMode": GONE, "Send/Integration/TimeoutInMillis": GONE,
          "Send/Integration/Uri": sub(f"{LAMBDA}/2015-03-31/functions/${{Stream.Arn}}/invocations"),
          "MayAsk/FunctionName": {"Ref": "Stream"}, "Health/Integration/Uri": "https://health.example.org",
          "Health/Integration/Type": "HTTP_PROXY"}),
    wrong("stream-missing", "a mode that is not known", "runtime", {
          "Ask/Integration/ResponseTransferMode": {"Fn::ImportValue": "mode"}}, undecided=True),
    right("stream-missing", "a mock beside", "runtime", {"Ask/Integration/ResponseTransferMode": "STREAM"}),
    wrong("stream-type", "HTTP in the place of HTTP_PROXY", "runtime", {"Ask/Integration/Type": "HTTP"}),
    right("stream-type", "a buffered HTTP integration that leads to no agent", "runtime", {
          "Preflight/Integration/Type": "HTTP", "Preflight/Integration/Uri": "https://example.org"}),
    wrong("stream-lambda-uri", "STREAM with the address of buffered calls", "function", {
          "Send/Integration/Uri": sub(f"{LAMBDA}/2015-03-31/functions/${{Ask.Arn}}/invocations")}),
    wrong("stream-lambda-uri", "the streaming address without STREAM", "function", {
          "Send/Integration/ResponseTransferMode": GONE, "Send/Integration/TimeoutInMillis": 29000}),
    wrong("stream-lambda-uri", "the streaming address with the old version", "function", {
          "Send/Integration/Uri": sub(f"{LAMBDA}/2015-03-31/functions/${{Ask.Arn}}/response-streaming-invocations")}),
    right("stream-lambda-uri", "a function by its literal ARN", "function", {
          "Send/Integration/Uri": f"{LAMBDA}/2021-11-15/functions/arn:aws:lambda:eu-west-1:1:function:x/response-streaming-invocations",
          "Send/Integration/Credentials": "arn:aws:iam::111122223333:role/x"}),
    wrong("stream-lambda-runtime", "Python without an adapter", "function", {
          "Ask/Layers": GONE, "Ask/Environment": GONE, "AdapterAddress": GONE}),
    right("stream-lambda-runtime", "Node.js without an adapter", "function", {
          "Ask/Layers": GONE, "Ask/Environment": GONE, "Ask/Runtime": "nodejs22.x"}),
    wrong("stream-timeout-missing", "no timeout", "runtime", {"Ask/Integration/TimeoutInMillis": GONE}),
    wrong("stream-timeout-missing", "29 s by a misreading", "runtime", {"Ask/Integration/TimeoutInMillis": 29000}),
    right("stream-timeout-missing", "55 s on purpose", "runtime", {"Ask/Integration/TimeoutInMillis": 55000}),
    wrong("timeout-range", "16 minutes", "runtime", {"Ask/Integration/TimeoutInMillis": 960000}),
    wrong("timeout-range", "20 ms", "runtime", {"Ask/Integration/TimeoutInMillis": "20"}),
    right("timeout-range", "15 minutes as text", "runtime", {"Ask/Integration/TimeoutInMillis": "900000"}),
    wrong("timeout-buffered", "buffered for a minute", "runtime", {"Ask/Integration/ResponseTransferMode": "BUFFERED",
          "Ask/Integration/TimeoutInMillis": 60000}, "stream-missing"),
    right("timeout-buffered", "streamed for a minute", "runtime", {"Ask/Integration/TimeoutInMillis": 60000}),
    wrong("lambda-permission", "the permission names another action", "function", {
          "MayAsk/Action": "lambda:InvokeWithResponseStream"}),
    wrong("lambda-permission", "no permission", "function", {"MayAsk": GONE}),
    wrong("lambda-permission", "a role that may not invoke", "function", {
          "MayAsk": GONE, "Send/Integration/Credentials": {"Fn::GetAtt": ["Visitor", "Arn"]}}),
    right("lambda-permission", "every action of Lambda", "function", {"MayAsk/Action": "lambda:*"}),
    right("lambda-permission", "credentials in the place of a permission", "function", {
          "MayAsk": GONE, "Send/Integration/Credentials": "arn:aws:iam::111122223333:role/api"}),
    wrong("lambda-shorter", "the function ends 10 minutes before", "function", {"Ask/Timeout": 300}),
    wrong("lambda-shorter", "Lambda's default of 3 s", "function", {"Ask/Timeout": GONE}),
    right("lambda-shorter", "the function ends 5 s before", "function", {"Ask/Timeout": 895}),
    wrong("edge", "an edge endpoint", "runtime", {"Api/EndpointConfiguration/Types": ["EDGE"]}),
    wrong("edge", "no endpoint type", "runtime", {"Api/EndpointConfiguration": GONE}),
    right("edge", "a private endpoint", "runtime", {"Api/EndpointConfiguration/Types": ["PRIVATE"]}),
    wrong("stream-vtl", "a response template", "runtime", {"Ask/Integration/IntegrationResponses": [
          {"StatusCode": 200, "ResponseTemplates": {"text/plain": "$input.body"}}]}),
    right("stream-vtl", "a request template", "runtime", {
          "Ask/Integration/RequestTemplates": {"application/json": "$input.json('$')"}}),
    wrong("stream-cache", "a cache for the stage", "runtime", {"Live/CacheClusterEnabled": True}),
    right("stream-cache", "a cache that is off for the route", "runtime", {"Live/CacheClusterEnabled": True,
          "Live/MethodSettings/1": {"ResourcePath": "/~1chat", "HttpMethod": "POST", "CachingEnabled": False}}),
    wrong("stream-compression", "content encoding", "runtime", {"Api/MinimumCompressionSize": 1024}),
    right("stream-compression", "none", "runtime", {"Api/MinimumCompressionSize": {"Ref": "AWS::NoValue"}}),
    wrong("http-api", "an HTTP API to a function that asks an agent", "function", {
          "DataIntegration/IntegrationUri": {"Fn::GetAtt": ["Stream", "Arn"]}}),
    right("http-api", "an HTTP API for the data", "function", {"DataRoute/RouteKey": "POST /orders"}),
    wrong("adapter-mismatch", "the adapter streams, the integration buffers", "function", {
          "Send/Integration/ResponseTransferMode": GONE, "Send/Integration/TimeoutInMillis": GONE,
          "Send/Integration/Uri": sub(f"{LAMBDA}/2015-03-31/functions/${{Ask.Arn}}/invocations")}),
    wrong("adapter-mismatch", "the integration streams, the adapter buffers", "function", {
          "Ask/Environment/Variables/AWS_LWA_INVOKE_MODE": GONE, "AdapterAddress": GONE}),
    wrong("adapter-mismatch", "a streaming adapter behind an HTTP API", "function", {
          "DataIntegration/IntegrationUri": {"Fn::GetAtt": ["Ask", "Arn"]}}),
    right("adapter-mismatch", "the mode in capitals", "function", {
          "Ask/Environment/Variables/AWS_LWA_INVOKE_MODE": "RESPONSE_STREAM"}),
    wrong("url-mode", "a buffered URL before a streaming adapter", "function", {"AdapterAddress/InvokeMode": GONE}),
    right("url-mode", "a streaming URL before Node.js", "function", {"Address/InvokeMode": "RESPONSE_STREAM"}),
    wrong("proxy-responses-ignored", "a content type in an integration response", "runtime", {
          "Ask/Integration/IntegrationResponses": [{"StatusCode": 200, "ResponseParameters": {
              "method.response.header.Content-Type": "'text/event-stream'"}}]}),
    right("proxy-responses-ignored", "an empty integration response", "runtime", {
          "Ask/Integration/IntegrationResponses": [{"StatusCode": 200}]}),
    wrong("adapter-layer-arch", "a layer for another processor", "function", {"Ask/Architectures": ["arm64"]}),
    right("adapter-layer-arch", "both on arm64", "function", {"Ask/Architectures": ["arm64"],
          "Ask/Layers/0": sub("arn:aws:lambda:${AWS::Region}:753240598075:layer:LambdaAdapterLayerArm64:25")}),
]  # fmt: skip

FRONT = [
    wrong("cloudfront-idle", "no read timeout", "function", {
          f"{SITE}/Origins/1/CustomOriginConfig/OriginReadTimeout": GONE}),
    wrong("cloudfront-idle", "30 s before a function URL", "function", {
          f"{SITE}/Origins/2/CustomOriginConfig/OriginReadTimeout": 30}),
    right("cloudfront-idle", "31 s", "function", {f"{SITE}/Origins/2/CustomOriginConfig/OriginReadTimeout": 31}),
    wrong("cloudfront-total", "a minute for the whole answer", "function", {
          f"{SITE}/Origins/1/ResponseCompletionTimeout": 60}),
    right("cloudfront-total", "no limit", "function", {f"{SITE}/Origins/1/ResponseCompletionTimeout": GONE}),
    wrong("cloudfront-cache", "the site's cache policy", "function", {
          f"{SITE}/CacheBehaviors/0/CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}),
    wrong("cloudfront-cache", "no POST", "function", {f"{SITE}/CacheBehaviors/0/AllowedMethods": ["GET", "HEAD"]}),
    wrong("cloudfront-cache", "a default time to live", "function", {
          f"{SITE}/CacheBehaviors/1/CachePolicyId": GONE, f"{SITE}/CacheBehaviors/1/DefaultTTL": 60}),
    right("cloudfront-cache", "a cached behaviour for another path of the API", "function", {
          f"{SITE}/CacheBehaviors/2": {"PathPattern": "/pictures/*", "TargetOriginId": "api",
              "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}}),
    wrong("cloudfront-host", "AllViewer", "function", {
          f"{SITE}/CacheBehaviors/0/OriginRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3"}),
    wrong("cloudfront-host", "a policy that lists Host", "function", {
          f"{SITE}/CacheBehaviors/0/OriginRequestPolicyId": {"Ref": "Pass"},
          "Pass": {"Type": "AWS::CloudFront::OriginRequestPolicy", "Properties": {"OriginRequestPolicyConfig": {
              "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["Accept", "Host"]}}}}}),
    right("cloudfront-host", "AllViewer before the pages", "function", {
          f"{SITE}/DefaultCacheBehavior/OriginRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3"}),
    wrong("cloudfront-beside", "no web ACL on the stage", "function", {"OnLive": GONE}, "no-waf", "no-caller-limit"),
    right("cloudfront-beside", "a policy in the place of a web ACL", "function", {
          "Api/Policy": policy({"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*",
              "Condition": {"StringNotEquals": {"aws:Referer": "secret"}}})}),
    wrong("cloudfront-masks-errors", "403 becomes the page", "function", {
          f"{SITE}/CustomErrorResponses/0": {"ErrorCode": 403, "ResponseCode": 200, "ResponsePagePath": "/index.html"}}),
    right("cloudfront-masks-errors", "404 stays 404", "function", {
          f"{SITE}/CustomErrorResponses/0/ErrorCachingMinTTL": 5}),
    wrong("alb-idle", "the default of 60 s", "function", {"Balancer/LoadBalancerAttributes": GONE}),
    wrong("alb-idle", "60 s by word", "function", {"Balancer/LoadBalancerAttributes/0/Value": "60"}),
    right("alb-idle", "a balancer that redirects", "function", {"Balancer/LoadBalancerAttributes": GONE,
          "Secure/DefaultActions": [{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}}]}),
    wrong("alb-lambda", "a streaming function behind a balancer", "function", {
          "Functions/Targets/0/Id": {"Fn::GetAtt": ["Ask", "Arn"]}}),
    right("alb-lambda", "a function that does not stream", "function", {
          "Functions/Targets/0/Id": {"Fn::GetAtt": ["Data", "Arn"]}}),
]  # fmt: skip

ADDRESS = [
    wrong("address-path", "another path", "runtime", {
          "Ask/Integration/Uri": sub(f"https://bedrock-agentcore.${{AWS::Region}}.${{AWS::URLSuffix}}/agents/x/ask?{QUERY}")},
          "token-kind"),
    wrong("address-path", "a parameter that nothing is mapped to", "runtime", {
          "Ask/Integration/Uri": sub(f"{RUNTIMES}/{{agent}}/invocations?{QUERY}")}, "token-kind"),
    right("address-path", "a parameter with its mapping", "runtime", {
          "Ask/Integration/Uri": sub(f"{RUNTIMES}/{{agent}}/invocations?{QUERY}"),
          "Ask/Integration/RequestParameters/integration.request.path.agent": "stageVariables.agent"}, "token-kind"),
    wrong("address-account", "an id without its account", "runtime", {
          "Ask/Integration/Uri": sub(f"{RUNTIMES}/${{Agent.AgentRuntimeId}}/invocations?qualifier=DEFAULT")}),
    wrong("address-account", "Ref, which is the id", "runtime", {
          "Ask/Integration/Uri": sub(f"{RUNTIMES}/${{Agent}}/invocations")}),
    right("address-account", "the account by a mapping", "runtime", {
          "Ask/Integration/Uri": sub(f"{RUNTIMES}/${{Agent.AgentRuntimeId}}/invocations"),
          "Ask/Integration/RequestParameters/integration.request.querystring.accountId": "'111122223333'"}),
    wrong("address-arn", "the ARN as it is", "runtime", {
          "Ask/Integration/Uri": sub(f"{RUNTIMES}/${{Agent.AgentRuntimeArn}}/invocations?qualifier=DEFAULT")}),
    right("address-arn", "the ARN encoded by Split and Join", "runtime", {"Ask/Integration/Uri": {"Fn::Sub": [
          f"{RUNTIMES}/${{Encoded}}/invocations?qualifier=DEFAULT", {"Encoded": {"Fn::Join": ["%2F", {"Fn::Split": [
              "/", {"Fn::Join": ["%3A", {"Fn::Split": [":", {"Fn::GetAtt": ["Agent", "AgentRuntimeArn"]}]}]}]}]}}]}}),
    wrong("address-region", "a literal ARN of another region", "runtime", {
          "Ask/Integration/Uri": "https://bedrock-agentcore.us-east-1.amazonaws.com/runtimes/arn%3Aaws%3Abedrock-agentcore"
          "%3Aeu-west-1%3A111122223333%3Aruntime%2Fa-0123456789/invocations"}, "token-kind"),
    right("address-region", "a literal ARN of the same region", "runtime", {
          "Ask/Integration/Uri": "https://bedrock-agentcore.eu-west-1.amazonaws.com/runtimes/arn%3Aaws%3Abedrock-agentcore"
          "%3Aeu-west-1%3A111122223333%3Aruntime%2Fa-0123456789/invocations"}, "token-kind"),
    wrong("address-suffix", "amazonaws.com written out", "runtime", {"Ask/Integration/Uri": sub(
          f"https://bedrock-agentcore.${{AWS::Region}}.amazonaws.com/runtimes/${{Agent}}/invocations?{QUERY}")}),
    right("address-suffix", "amazonaws.com in a template for one region", "runtime", {"Ask/Integration/Uri": sub(
          f"https://bedrock-agentcore.eu-west-1.amazonaws.com/runtimes/${{Agent}}/invocations?{QUERY}")}),
    wrong("header-undeclared", "a header that the method does not declare", "runtime", {"Ask/RequestParameters": GONE}),
    right("header-undeclared", "another case", "runtime", {
          "Ask/RequestParameters": {"method.request.header.accept-language": False}}),
    wrong("header-unlisted", "a header that the runtime does not list", "runtime", {
          "Agent/RequestHeaderConfiguration": GONE}),
    right("header-unlisted", "another case", "runtime", {"Agent/RequestHeaderConfiguration/RequestHeaderAllowlist": [
          "x-amzn-bedrock-agentcore-runtime-custom-language"]}),
    wrong("allowlist", "x-amz-", "runtime", {
          "Agent/RequestHeaderConfiguration/RequestHeaderAllowlist/1": "X-Amz-Security-Token"}),
    wrong("allowlist", "21 headers", "runtime", {"Agent/RequestHeaderConfiguration/RequestHeaderAllowlist": [
          "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Language", *(f"X-{number}" for number in range(20))]}),
    wrong("allowlist", "Authorization without a JWT authorizer", "function", {
          "Agent/RequestHeaderConfiguration": {"RequestHeaderAllowlist": ["Authorization"]}}),
    right("allowlist", "Authorization with a JWT authorizer", "runtime", {
          "Agent/RequestHeaderConfiguration/RequestHeaderAllowlist/1": "Authorization"}),
    wrong("runtime-name", "a hyphen", "runtime", {"Agent/AgentRuntimeName": "chat-agent"}),
    wrong("runtime-name", "a hyphen in a Sub", "runtime", {"Agent/AgentRuntimeName": sub("${AWS::StackName}-agent")}),
    right("runtime-name", "a Sub", "runtime", {"Agent/AgentRuntimeName": sub("${AWS::StackName}_agent")}),
    wrong("query-passes", "no rule on the query string", "runtime", {"Wall/Rules/2": GONE}),
    right("query-passes", "a rule on every argument", "runtime", {
          "Wall/Rules/2/Statement/ByteMatchStatement/FieldToMatch": {"AllQueryArguments": {}}}),
]  # fmt: skip

TOKENS = [
    wrong("token-kind", "ID tokens for a list of clients", "runtime", {
          f"{JWT}/AllowedAudience": GONE, f"{JWT}/AllowedClients": [{"Ref": "Web"}]}),
    wrong("token-kind", "access tokens for an audience", "runtime", {"Ask/AuthorizationScopes": ["chat/send"]}),
    right("token-kind", "access tokens for a list of clients", "runtime", {"Ask/AuthorizationScopes": ["chat/send"],
          f"{JWT}/AllowedAudience": GONE, f"{JWT}/AllowedClients": [{"Ref": "Web"}]}),
    wrong("token-pool", "another pool at the gateway", "runtime", {
          "Callers/ProviderARNs": [{"Fn::GetAtt": ["Others", "Arn"]}]}),
    wrong("token-pool", "literal pools that differ", "runtime", {
          "Callers/ProviderARNs": ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEfGhI"],
          f"{JWT}/DiscoveryUrl": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other/.well-known/openid-configuration"}),
    right("token-pool", "a pool that is written out", "runtime", {
          "Callers/ProviderARNs": ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEfGhI"]}),
    wrong("token-client", "a client of another pool", "runtime", {f"{JWT}/AllowedAudience": [{"Ref": "Stranger"}]}),
    right("token-client", "a client that is written out", "runtime", {f"{JWT}/AllowedAudience": ["3n4b5urk1ft4fl3mg5e62d9ado"]}),
    wrong("discovery", "the issuer in the place of its document", "runtime", {
          f"{JWT}/DiscoveryUrl": sub("https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${People}")}),
    right("discovery", "an RFC 8414 address", "runtime", {
          f"{JWT}/DiscoveryUrl": "https://login.example.org/.well-known/oauth-authorization-server/tenant"}),
    wrong("jwt-missing", "a bearer token for a runtime with IAM", "runtime", {"Agent/AuthorizerConfiguration": GONE,
          "OnlyAsk": GONE}),
    right("jwt-missing", "an authorizer function before a runtime with IAM", "runtime", {
          "Agent/AuthorizerConfiguration": GONE, "OnlyAsk": GONE, "Ask/AuthorizationType": "CUSTOM"}),
    wrong("jwt-accepts-all", "nobody named", "runtime", {f"{JWT}/AllowedAudience": GONE}),
    right("jwt-accepts-all", "a claim alone", "runtime", {f"{JWT}/AllowedAudience": GONE, f"{JWT}/CustomClaims": [
          {"InboundTokenClaimName": "team", "InboundTokenClaimValueType": "STRING"}]}),
    wrong("sigv4-to-jwt", "a function for a runtime with JWT", "function", {
          "Agent/AuthorizerConfiguration": {"CustomJWTAuthorizer": {"AllowedAudience": ["x"],
              "DiscoveryUrl": "https://login.example.org/.well-known/openid-configuration"}}}, "shell-open"),
    right("sigv4-to-jwt", "a function for a runtime with IAM", "function", {"Agent/Description": "signed"}),
    wrong("iam-proxy", "AWS_IAM before a runtime", "runtime", {"Ask/AuthorizationType": "AWS_IAM", "Ask/AuthorizerId": GONE}),
    right("iam-proxy", "AWS_IAM before a function", "function", {"Send/AuthorizationType": "AWS_IAM"}),
    wrong("session-client", "the caller's session id", "runtime", {HEADER: f"method.request.header.{SESSION}",
          f"Ask/RequestParameters/method.request.header.{SESSION}": True}),
    wrong("session-client", "no session id", "runtime", {HEADER: GONE}),
    right("session-client", "a session id for each call", "runtime", {HEADER: "context.requestId"}),
    wrong("session-short", "a short literal", "runtime", {HEADER: "'everybody'"}),
    wrong("session-short", "the sub of machines", "runtime", {"Ask/AuthorizationScopes": ["chat/send"],
          f"{JWT}/AllowedAudience": GONE, f"{JWT}/AllowedClients": [{"Ref": "Machine"}]}),
    right("session-short", "36 characters", "runtime", {HEADER: "'0b9f5f52-54a5-4fa9-9d86-e2ac6c43cf43'"}),
    wrong("user-id", "the caller's user id", "runtime", {
          "Ask/RequestParameters/method.request.header.X-User": True,
          "Ask/Integration/RequestParameters/integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-User-Id":
              "method.request.header.X-User"}),
    right("user-id", "the token's user id", "runtime", {
          "Ask/Integration/RequestParameters/integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-User-Id":
              "context.authorizer.claims.sub"}),
    wrong("qualifier-client", "the caller's qualifier", "runtime", {
          "Ask/RequestParameters/method.request.querystring.version": False,
          "Ask/Integration/RequestParameters/integration.request.querystring.qualifier": "method.request.querystring.version"}),
    right("qualifier-client", "the stage's qualifier", "runtime", {
          "Ask/Integration/RequestParameters/integration.request.querystring.qualifier": "stageVariables.version"}),
]  # fmt: skip

CALLERS = [
    wrong("open", "nobody is asked before a function", "function", {"Send/AuthorizationType": "NONE"}),
    wrong("open", "nobody is asked at the gateway before a runtime", "runtime", {
          "Ask/AuthorizationType": "NONE", "Ask/AuthorizerId": GONE}),
    wrong("open", "a private API for every VPC", "function", {"Send/AuthorizationType": "NONE",
          "Api/EndpointConfiguration/Types": ["PRIVATE"], "Api/Policy": policy(
              {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"})}),
    right("open", "a private API for one endpoint", "function", {"Send/AuthorizationType": "NONE",
          "Api/EndpointConfiguration/Types": ["PRIVATE"], "Api/Policy": policy(
              {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*",
               "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-0123"}}})}),
    right("open", "mutual TLS", "function", {"Send/AuthorizationType": "NONE", "Api/DisableExecuteApiEndpoint": True,
          "Domain": {"Type": "AWS::ApiGateway::DomainName", "Properties": {"MutualTlsAuthentication": {"TruststoreUri": "s3://x/y"}}},
          "Mapping": {"Type": "AWS::ApiGateway::BasePathMapping", "Properties": {
              "DomainName": {"Ref": "Domain"}, "RestApiId": {"Ref": "Api"}}}}),
    wrong("key-only", "only an API key", "function", {"Send/AuthorizationType": "NONE", "Send/ApiKeyRequired": True}),
    right("key-only", "an API key beside an authorizer", "function", {"Send/ApiKeyRequired": True}),
    wrong("url-open", "a URL for anyone", "function", {"Address/AuthType": "NONE"}),
    right("url-open", "a URL for anyone of a function that asks nothing", "function", {
          "Open": {"Type": "AWS::Lambda::Url", "Properties": {
              "TargetFunctionArn": {"Fn::GetAtt": ["Data", "Arn"]}, "AuthType": "NONE"}}}),
    wrong("guests", "guests may call the route", "function", {"Visitor/Policies/0/PolicyDocument/Statement/0/Resource":
          sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/live/POST/")}),
    wrong("guests", "guests may call the URL", "function", {
          "Visitor/Policies/0/PolicyDocument/Statement/0/Action": "lambda:InvokeFunctionUrl"}),
    right("guests", "no guests", "function", {"Visitors/AllowUnauthenticatedIdentities": False,
          "Visitor/Policies/0/PolicyDocument/Statement/0/Resource": "*"}),
    wrong("shell-open", "no resource policy", "runtime", {"OnlyAsk": GONE}),
    right("shell-open", "a runtime with IAM", "function", {"Agent/Description": "without a token nothing opens"}),
    wrong("policy-wide", "a star behind the action", "runtime", {"OnlyAsk/Policy": policy({**ALLOW, "Action": ASK_ALL})}),
    wrong("policy-wide", "everybody on a runtime with IAM", "function", {"Only": {
          "Type": "AWS::BedrockAgentCore::ResourcePolicy", "Properties": {
              "ResourceArn": {"Fn::GetAtt": ["Agent", "AgentRuntimeArn"]}, "Policy": policy({**ALLOW, "Action": ASK})}}}),
    right("policy-wide", "brackets, which are no class in IAM", "runtime", {"OnlyAsk/Policy": policy(
          {**ALLOW, "Action": "bedrock-agentcore:[I]nvokeAgentRuntime*"})}),
    right("policy-wide", "a star, and the shells denied", "runtime", {"OnlyAsk/Policy": policy(
          {**ALLOW, "Action": ASK_ALL}, {**ALLOW, "Effect": "Deny", "Action": SHELL})}),
    wrong("implicit", "the implicit flow", "runtime", {"Web/AllowedOAuthFlows": ["code", "implicit"]}),
    right("implicit", "the implicit flow of another pool", "runtime", {"Stranger/AllowedOAuthFlows": ["implicit"]}),
]  # fmt: skip

PROTECTION = [
    wrong("no-throttle", "no limits", "runtime", {"Live/MethodSettings": GONE}),
    wrong("no-throttle", "one limit of two", "runtime", {"Live/MethodSettings/0/ThrottlingBurstLimit": GONE}),
    right("no-throttle", "limits of the route alone", "runtime", {"Live/MethodSettings/0": {
          "ResourcePath": "/~1chat", "HttpMethod": "POST", "ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 5}}),
    right("no-throttle", "a usage plan", "runtime", {"Live/MethodSettings": GONE, "Ask/ApiKeyRequired": True, "Plan": KEYS}),
    wrong("no-caller-limit", "no rate rule", "runtime", {"Wall/Rules/1": GONE}),
    right("no-caller-limit", "a usage plan", "runtime", {"Wall/Rules/1": GONE, "Plan": KEYS}),
    wrong("no-waf", "no association", "runtime", {"OnLive": GONE}, "query-passes", "no-caller-limit"),
    wrong("no-waf", "an association to another stage", "runtime", {"OnLive/ResourceArn":
          sub("arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Api}/stages/test")}, "query-passes", "no-caller-limit"),
    right("no-waf", "the stage by its name", "runtime", {"OnLive/ResourceArn":
          sub("arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Api}/stages/live")}),
    wrong("waf-body", "the common rule set as it is", "runtime", {
          "Wall/Rules/0/Statement/ManagedRuleGroupStatement/RuleActionOverrides": GONE}),
    wrong("waf-body", "a size rule of 8 KB", "runtime", {"Wall/Rules/3": {"Name": "size", "Action": {"Block": {}},
          "Statement": {"SizeConstraintStatement": {"FieldToMatch": {"Body": {}}, "ComparisonOperator": "GT", "Size": 8192}}}}),
    right("waf-body", "the common rule set counts only", "runtime", {
          "Wall/Rules/0/Statement/ManagedRuleGroupStatement/RuleActionOverrides": GONE,
          "Wall/Rules/0/OverrideAction": {"Count": {}}}),
    wrong("no-log", "no access log", "runtime", {"Live/AccessLogSetting": GONE}),
    right("no-log", "another destination", "runtime", {
          "Live/AccessLogSetting/DestinationArn": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-x"}),
    wrong("log-fields", "an old format", "runtime", {"Live/AccessLogSetting/Format": '{"id":"$context.requestId"}'}),
    right("log-fields", "a format from elsewhere", "runtime", {"Live/AccessLogSetting/Format": {"Fn::ImportValue": "format"}}),
    wrong("log-token", "the API key", "runtime", {"Live/AccessLogSetting/Format":
          "$context.identity.apiKey $context.integration.responseTransferMode $context.integration.timeToFirstContent"}),
    right("log-token", "the API key's id", "runtime", {"Live/AccessLogSetting/Format":
          "$context.identity.apiKeyId $context.integration.responseTransferMode $context.integration.timeToFirstContent"}),
    wrong("data-trace", "data trace", "runtime", {"Live/MethodSettings/0/DataTraceEnabled": True}),
    right("data-trace", "data trace of the preflight", "runtime", {"Live/MethodSettings/1": {
          "ResourcePath": "/~1chat", "HttpMethod": "OPTIONS", "DataTraceEnabled": True}}),
    wrong("cors-errors", "4XX without CORS", "runtime", {"Refused": GONE}),
    right("cors-errors", "no preflight", "runtime", {"Preflight": GONE, "Refused": GONE,
          "Deployment4b1d77e0a925/DependsOn": ["Ask"]}),
    wrong("cors-star", "every origin", "runtime", {
          "Preflight/Integration/IntegrationResponses/0/ResponseParameters/method.response.header.Access-Control-Allow-Origin": "'*'"}),
    right("cors-star", "another origin", "runtime", {
          "Preflight/Integration/IntegrationResponses/0/ResponseParameters/method.response.header.Access-Control-Allow-Origin":
              "'https://other.example.org'"}),
    wrong("deploy-blind", "a logical id that never changes", "runtime", {"Deployment4b1d77e0a925": GONE,
          "Deployment": {"Type": "AWS::ApiGateway::Deployment", "DependsOn": ["Ask", "Preflight"],
              "Properties": {"RestApiId": {"Ref": "Api"}}}, "Live/DeploymentId": {"Ref": "Deployment"}}),
    right("deploy-blind", "an id with a number", "runtime", {"Deployment4b1d77e0a925": GONE,
          "DeploymentV2": {"Type": "AWS::ApiGateway::Deployment", "DependsOn": ["Ask", "Preflight"],
              "Properties": {"RestApiId": {"Ref": "Api"}}}, "Live/DeploymentId": {"Ref": "DeploymentV2"}}),
    wrong("deploy-order", "a deployment that does not wait", "runtime", {"Deployment4b1d77e0a925/DependsOn": ["Preflight"]}),
    right("deploy-order", "a deployment that waits for what waits", "runtime", {
          "Deployment4b1d77e0a925/DependsOn": ["Preflight"], "Preflight/DependsOn": "Ask"}),
    wrong("role-wide", "any runtime", "function", {"AskRole/Policies/0/PolicyDocument/Statement/0/Resource": "*"}),
    right("role-wide", "a runtime by its ARN", "function", {"AskRole/Policies/0/PolicyDocument/Statement/0/Resource":
          "arn:aws:bedrock-agentcore:eu-west-1:111122223333:runtime/a-0123456789"}),
    wrong("account-role", "no role of the account", "runtime", {"Account": GONE}, undecided=True),
    right("account-role", "no logs and no role", "runtime", {"Account": GONE, "Live/AccessLogSetting": GONE}, "no-log"),
    wrong("alarm-latency", "an alarm on latency", "runtime", {"FirstWord/Namespace": "AWS/ApiGateway",
          "FirstWord/MetricName": "Latency", "FirstWord/Dimensions": [{"Name": "ApiName", "Value": "chat"}]}),
    right("alarm-latency", "an alarm on errors", "runtime", {"FirstWord/Namespace": "AWS/ApiGateway",
          "FirstWord/MetricName": "5XXError", "FirstWord/Dimensions": [{"Name": "ApiName", "Value": "chat"}]}),
    wrong("elsewhere", "a stage that is not in the template", "runtime", {"Live": GONE, "OnLive": GONE}, undecided=True),
    right("elsewhere", "a second stage", "runtime", {"Test": {"Type": "AWS::ApiGateway::Deployment", "DependsOn": "Ask",
          "Properties": {"RestApiId": {"Ref": "Api"}}}}, "deploy-blind"),
    wrong("unused-ignore", "an acknowledgment of nothing", "runtime", {
          "Api/Metadata": {"streaming-agent": {"ignore": [{"rule": "edge", "reason": "short answers"}]}}}),
    right("unused-ignore", "an acknowledgment of a finding", "runtime", {"Api/EndpointConfiguration": GONE,
          "Api/Metadata": {"streaming-agent": {"ignore": [{"rule": "CHK010", "reason": "short answers"}]}}}),
]  # fmt: skip

MUTATIONS = [*STREAMING, *FRONT, *ADDRESS, *TOKENS, *CALLERS, *PROTECTION]
