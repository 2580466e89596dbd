"""What a template's references are locally: made-up ids in AWS's formats, the same on every run, and new secrets."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from typing import Any

from ..template import Derived, Expected, Pseudo, Reference, Symbol, TemplateResource, Unknown, View

DEFAULT_REGION = "us-east-1"
DEFAULT_ACCOUNT = "123456789012"  # AWS's own placeholder in its documentation
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_SECRET_REFERENCE = re.compile(r"\{\{resolve:secretsmanager:(.+?):SecretString((?::[^}]*)?)\}\}")
_OTHER_REFERENCE = re.compile(r"\{\{resolve:([^}]*)\}\}")


class LocalValues:
    """The values of a view's symbols in one run.

    Args:
        view: The templates.
        on_made_up: Is told of each value that the templates do not hold, and of what was made up for it.
    """

    def __init__(self, view: View, on_made_up: Callable[[Unknown, str], None] = lambda unknown, value: None) -> None:
        self.view = view
        self._on_made_up = on_made_up
        self._secrets: dict[str, str] = {}
        self._under_way: set[Reference] = set()
        named = [stack for stack in view.templates.stacks if stack.region or stack.account]
        self.region = next((stack.region for stack in named if stack.region), DEFAULT_REGION)
        self.account = next((stack.account for stack in named if stack.account), DEFAULT_ACCOUNT)
        self.partition = (
            "aws-cn" if self.region.startswith("cn-") else "aws-us-gov" if self.region.startswith("us-gov-") else "aws"
        )

    def of(self, resource: TemplateResource) -> Expected:
        """Reads a resource's properties with their local values."""
        return _LocallyExpected(self, resource)

    def ref(self, resource: TemplateResource) -> str:
        """What `Ref` of a resource is."""
        return self.text(resource.identity)

    def attribute(self, resource: TemplateResource, name: str) -> str:
        """What `Fn::GetAtt` of a resource is."""
        return self.text(resource.attribute(name))

    def text(self, text: str) -> str:
        """A text with each of its symbols replaced."""
        return self._with_secrets(self.view.symbols.replaced(text, self.known))

    def value(self, value: Any) -> Any:
        """A value with each of its symbols replaced."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {self.value(key): self.value(item) for key, item in value.items()}
        return value

    def known(self, symbol: Symbol) -> str | None:
        """What stands for one symbol."""
        match symbol:
            case Pseudo():
                return self._pseudo(symbol)
            case Reference():
                if symbol in self._under_way:
                    return f"local-{symbol.logical_id}".lower()  # a reference that leads back to itself
                self._under_way.add(symbol)
                try:
                    return self._of_resource(symbol)
                finally:
                    self._under_way.discard(symbol)
            case Unknown():
                made_up = self._unknown(symbol)
                self._on_made_up(symbol, made_up)
                return made_up
            case Derived():
                return None  # replaced by way of its text

    def secret(self, name: str, length: int = 52) -> str:
        """A secret that is new in each run, and the same for the same name in it."""
        if name not in self._secrets:
            self._secrets[name] = "".join(secrets.choice(_ALPHABET) for _ in range(length))
        return self._secrets[name]

    def _with_secrets(self, text: str) -> str:
        """Dynamic references get made-up values: nothing is read from AWS."""
        if "{{resolve:" not in text:
            return text
        text = _SECRET_REFERENCE.sub(lambda found: self._secret_value(found[1], found[2]), text)
        return _OTHER_REFERENCE.sub(lambda found: self.secret(found[1], 64), text)

    def secret_value(self, arn: str) -> str:
        """The made-up value of a secret that the template makes."""
        return self.secret(f"{arn}/value", 64)

    def _secret_value(self, arn: str, rest: str) -> str:
        """Of `:<key of its JSON>:<stage>:<version>`; who asks Secrets Manager for all of it gets the same value."""
        key = rest.removeprefix(":").partition(":")[0]
        return self.secret(f"{arn}/value/{key}", 64) if key else self.secret_value(arn)

    def _unknown(self, symbol: Unknown) -> str:
        if symbol.what.startswith("resolve:"):
            return self.text("{{" + symbol.what + "}}")  # which may name one of the template's own secrets
        return f"local-{re.sub(r'[^A-Za-z0-9]+', '-', symbol.what).strip('-').lower()}"

    def _pseudo(self, symbol: Pseudo) -> str:
        stack = symbol.stack or next((one.name for one in self.view.templates.stacks), "local")
        match symbol.name:
            case "AWS::AccountId":
                return self.account
            case "AWS::Region":
                return self.region
            case "AWS::Partition":
                return self.partition
            case "AWS::URLSuffix":
                return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
            case "AWS::StackId":
                return f"arn:{self.partition}:cloudformation:{self.region}:{self.account}:stack/{stack}/local"
            case _:
                return stack.replace("/", "-")

    def _of_resource(self, symbol: Reference) -> str:
        stack = self.view.stack_named(symbol.stack)
        resource = self.view.named(stack, symbol.logical_id) if stack is not None else None
        if resource is None:
            return _generic(symbol, self)
        ref, attributes = _identity(resource, self)
        if not symbol.attribute and ref is not None:
            return ref
        return attributes.get(symbol.attribute) or _generic(symbol, self)


class _LocallyExpected(Expected):
    def __init__(self, values: LocalValues, resource: TemplateResource) -> None:
        super().__init__(resource, values.known)
        self._values = values

    def value(self, *path: str | int) -> Any:
        return self._values.value(super().value(*path))


def _identity(resource: TemplateResource, values: LocalValues) -> tuple[str | None, dict[str, str]]:
    """`Ref` and the attributes of a resource; a `Ref` of `None` and an attribute that is missing are made up."""
    get = values.of(resource).text

    def made_up(length: int, purpose: str = "") -> str:
        return identifier(f"{resource.stack.name}/{resource.logical_id}/{purpose}", length)

    def arn(service: str, rest: str) -> str:
        return f"arn:{values.partition}:{service}:{values.region}:{values.account}:{rest}"

    def named(property_name: str) -> str:
        return get(property_name) or f"{resource.stack.name}-{resource.logical_id}-{made_up(12)}".replace("/", "-")

    match resource.type:
        case "AWS::Cognito::UserPool":
            pool_id = f"{values.region}_{made_up(9)}"
            host = f"cognito-idp.{values.region}.amazonaws.com"
            return pool_id, {
                "Arn": arn("cognito-idp", f"userpool/{pool_id}"),
                "UserPoolId": pool_id,
                "ProviderName": f"{host}/{pool_id}",
                "ProviderURL": f"https://{host}/{pool_id}",
            }
        case "AWS::Cognito::UserPoolClient":
            client_id = made_up(26)
            return client_id, {"ClientId": client_id, "ClientSecret": values.secret(f"{client_id}/secret")}
        case "AWS::Cognito::UserPoolDomain":
            domain = get("Domain")
            return domain, {"CloudFrontDistribution": f"{domain}.localhost"}
        case "AWS::Cognito::UserPoolResourceServer":
            return get("Identifier"), {}
        case "AWS::BedrockAgentCore::Runtime":
            runtime_id = f"{get('AgentRuntimeName')}-{made_up(10)}"
            runtime_arn = arn("bedrock-agentcore", f"runtime/{runtime_id}")
            return runtime_id, {
                "AgentRuntimeId": runtime_id,
                "AgentRuntimeArn": runtime_arn,
                "AgentRuntimeVersion": "1",
            }
        case "AWS::BedrockAgentCore::RuntimeEndpoint":
            name = get("Name")
            endpoint_arn = arn("bedrock-agentcore", f"runtime/{get('AgentRuntimeId')}/runtime-endpoint/{name}")
            return endpoint_arn, {"AgentRuntimeEndpointArn": endpoint_arn, "EndpointName": name, "Id": name}
        case "AWS::ApiGateway::RestApi" | "AWS::Serverless::Api":
            api_id = made_up(10)
            return api_id, {"RestApiId": api_id, "RootResourceId": made_up(10, "root"), "Stage": get("StageName")}
        case "AWS::ApiGateway::Stage":
            return get("StageName"), {}
        case "AWS::ApiGateway::Resource" | "AWS::ApiGateway::Deployment" | "AWS::ApiGateway::Authorizer":
            short = made_up(6)
            return short, {"ResourceId": short, "DeploymentId": short, "AuthorizerId": short}
        case "AWS::ApiGateway::ApiKey" | "AWS::ApiGateway::UsagePlan":
            identity = made_up(10)
            return identity, {"APIKeyId": identity, "Id": identity}
        case "AWS::IAM::Role":
            name = named("RoleName")
            role_arn = f"arn:{values.partition}:iam::{values.account}:role/{name}"
            return name, {"Arn": role_arn, "RoleId": "AROA" + made_up(17).upper()}
        case "AWS::Lambda::Function" | "AWS::Serverless::Function":
            name = named("FunctionName")
            return name, {"Arn": arn("lambda", f"function:{name}")}
        case "AWS::Lambda::Alias":
            alias_arn = f"{get('FunctionName')}:{get('Name')}"
            return alias_arn, {"AliasArn": alias_arn}
        case "AWS::Lambda::Version":
            return f"{get('FunctionName')}:1", {"Version": "1"}
        case "AWS::Logs::LogGroup":
            name = named("LogGroupName")
            return name, {"Arn": arn("logs", f"log-group:{name}:*")}
        case "AWS::SecretsManager::Secret":
            secret_arn = arn("secretsmanager", f"secret:{named('Name')}-{made_up(6)}")
            return secret_arn, {"Id": secret_arn}
        case "AWS::WAFv2::WebACL":
            identity = made_up(36)
            acl_arn = arn("wafv2", f"regional/webacl/{resource.logical_id}/{identity}")
            return f"{resource.logical_id}|{identity}|REGIONAL", {"Arn": acl_arn, "Id": identity}
        case "AWS::CloudFront::Distribution":
            identity = made_up(14).upper()
            return identity, {"DomainName": f"d{made_up(13)}.cloudfront.net", "Id": identity}
        case "AWS::S3::Bucket":
            name = (get("BucketName") or f"{resource.stack.name}-{resource.logical_id}-{made_up(12)}").lower()
            name = name.replace("/", "-")
            return name, {
                "Arn": f"arn:{values.partition}:s3:::{name}",
                "DomainName": f"{name}.s3.amazonaws.com",
                "RegionalDomainName": f"{name}.s3.{values.region}.amazonaws.com",
            }
        case "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable":
            name = named("TableName")
            return name, {"Arn": arn("dynamodb", f"table/{name}")}
        case "AWS::SSM::Parameter":
            return get("Name") or named("Name"), {"Value": get("Value"), "Type": get("Type")}
        case _:
            return None, {}


def _generic(symbol: Reference, values: LocalValues) -> str:
    """A value of the shape that the attribute's name promises, for resources that the local run knows nothing of."""
    short = identifier(f"{symbol.stack}/{symbol.logical_id}", 12)
    name = f"{symbol.logical_id}-{short}"
    attribute = symbol.attribute.rpartition(".")[2].lower()
    if attribute.endswith("arn"):
        return f"arn:{values.partition}:local:{values.region}:{values.account}:{name}"
    if attribute.endswith(("domainname", "domain", "host", "hostname")):
        return f"{short}.local.invalid"
    if attribute.endswith(("url", "uri", "endpoint", "address")):
        return f"https://{short}.local.invalid"
    return name


def identifier(seed: str, length: int) -> str:
    """Lower-case letters and digits that are always the same for the same text."""
    number = int.from_bytes(hashlib.sha512(seed.encode(errors="surrogatepass")).digest())
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)


def short_hash(*parts: str) -> str:
    """A short name for what these texts stand for."""
    return (
        base64.b32encode(hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).digest()[:10]).decode().lower()
    )
