"""What `Ref` and the attributes of a resource are locally: made-up ids in AWS's formats, the same on every run."""

import base64
import hashlib

from ..template import Resolver, Resource, ResourceValues, Stack

DEFAULT_REGION = "us-east-1"
DEFAULT_ACCOUNT = "123456789012"  # AWS's own placeholder in its documentation
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def resolver(stack: Stack) -> Resolver:
    """Resolves the values of a stack that runs locally."""
    region, account = stack.region or DEFAULT_REGION, stack.account or DEFAULT_ACCOUNT
    pseudo_parameters = {
        "AWS::AccountId": account,
        "AWS::Partition": "aws",
        "AWS::Region": region,
        "AWS::StackId": f"arn:aws:cloudformation:{region}:{account}:stack/{stack.name}/local",
        "AWS::StackName": stack.name,
        "AWS::URLSuffix": "amazonaws.com",
    }
    return Resolver(stack.template, pseudo_parameters, _Identities(stack.name, region, account).values, _secret)


class _Identities:
    def __init__(self, stack_name: str, region: str, account: str) -> None:
        self._stack_name = stack_name
        self._region = region
        self._account = account

    def values(self, resource: Resource, resolver: Resolver) -> ResourceValues | None:
        match resource.type:
            case "AWS::Cognito::UserPool":
                return self._user_pool(resource)
            case "AWS::Cognito::UserPoolClient":
                client_id = self._id(resource, 26)
                return ResourceValues(client_id, {"ClientId": client_id, "ClientSecret": client_secret(client_id)})
            case "AWS::Cognito::UserPoolDomain":
                domain = str(resolver.property(resource, "Domain"))
                return ResourceValues(domain, {"CloudFrontDistribution": f"{domain}.localhost"})
            case "AWS::Cognito::UserPoolResourceServer":
                return ResourceValues(str(resolver.property(resource, "Identifier")))
            case "AWS::BedrockAgentCore::Runtime":
                return self._runtime(resource, resolver)
            case "AWS::BedrockAgentCore::RuntimeEndpoint":
                return self._runtime_endpoint(resource, resolver)
            case "AWS::ApiGateway::RestApi":
                api_id = self._id(resource, 10)
                return ResourceValues(api_id, {"RestApiId": api_id, "RootResourceId": self._id(resource, 10, "root")})
            case "AWS::ApiGateway::Stage":
                return ResourceValues(str(resolver.property(resource, "StageName")))
            case "AWS::ApiGateway::Resource" | "AWS::ApiGateway::Deployment" | "AWS::ApiGateway::Authorizer":
                identifier = self._id(resource, 6)
                key = {"AWS::ApiGateway::Resource": "ResourceId", "AWS::ApiGateway::Authorizer": "AuthorizerId"}
                return ResourceValues(identifier, {key.get(resource.type, "DeploymentId"): identifier})
            case "AWS::ApiGateway::ApiKey" | "AWS::ApiGateway::UsagePlan":
                identifier = self._id(resource, 10)
                return ResourceValues(identifier, {"APIKeyId": identifier, "Id": identifier})
            case "AWS::IAM::Role":
                name = resolver.property(resource, "RoleName") or self._name(resource)
                arn = f"arn:aws:iam::{self._account}:role/{name}"
                return ResourceValues(str(name), {"Arn": arn, "RoleId": "AROA" + self._id(resource, 17).upper()})
            case "AWS::Lambda::Function":
                name = resolver.property(resource, "FunctionName") or self._name(resource)
                return ResourceValues(str(name), {"Arn": self._arn("lambda", f"function:{name}")})
            case "AWS::Logs::LogGroup":
                name = resolver.property(resource, "LogGroupName") or self._name(resource)
                return ResourceValues(str(name), {"Arn": self._arn("logs", f"log-group:{name}:*")})
            case "AWS::SecretsManager::Secret":
                name = resolver.property(resource, "Name") or self._name(resource)
                return ResourceValues(
                    arn := self._arn("secretsmanager", f"secret:{name}-{self._id(resource, 6)}"), {"Id": arn}
                )
            case "AWS::WAFv2::WebACL":
                identifier = self._id(resource, 36)
                arn = self._arn("wafv2", f"regional/webacl/{resource.logical_id}/{identifier}")
                return ResourceValues(f"{resource.logical_id}|{identifier}|REGIONAL", {"Arn": arn, "Id": identifier})
            case _:
                return None

    def _user_pool(self, resource: Resource) -> ResourceValues:
        pool_id = f"{self._region}_{self._id(resource, 9)}"
        host = f"cognito-idp.{self._region}.amazonaws.com"
        return ResourceValues(
            pool_id,
            {
                "Arn": self._arn("cognito-idp", f"userpool/{pool_id}"),
                "UserPoolId": pool_id,
                "ProviderName": f"{host}/{pool_id}",
                "ProviderURL": f"https://{host}/{pool_id}",
            },
        )

    def _runtime(self, resource: Resource, resolver: Resolver) -> ResourceValues:
        runtime_id = f"{resolver.property(resource, 'AgentRuntimeName')}-{self._id(resource, 10)}"
        arn = self._arn("bedrock-agentcore", f"runtime/{runtime_id}")
        return ResourceValues(
            runtime_id, {"AgentRuntimeId": runtime_id, "AgentRuntimeArn": arn, "AgentRuntimeVersion": "1"}
        )

    def _runtime_endpoint(self, resource: Resource, resolver: Resolver) -> ResourceValues:
        runtime_id, name = resolver.property(resource, "AgentRuntimeId"), resolver.property(resource, "Name")
        arn = self._arn("bedrock-agentcore", f"runtime/{runtime_id}/runtime-endpoint/{name}")
        return ResourceValues(arn, {"AgentRuntimeEndpointArn": arn, "EndpointName": str(name), "Id": str(name)})

    def _arn(self, service: str, rest: str) -> str:
        return f"arn:aws:{service}:{self._region}:{self._account}:{rest}"

    def _name(self, resource: Resource) -> str:
        return f"{self._stack_name}-{resource.logical_id}-{self._id(resource, 12)}"

    def _id(self, resource: Resource, length: int, purpose: str = "") -> str:
        return _identifier(f"{self._stack_name}/{resource.logical_id}/{purpose}", length)


def _secret(reference: str, resolver: Resolver) -> str | None:
    """The made-up value behind a dynamic reference to a secret that the template makes."""
    for resource in resolver.template.of_type("AWS::SecretsManager::Secret"):
        if not resolver.exists(resource):
            continue
        arn = str(resolver.ref(resource))
        _, found, key = reference.partition(f"secretsmanager:{arn}:SecretString")
        if found:
            # ":<key of its JSON>:<stage>:<version>"; whoever asks Secrets Manager for all of it gets the same value
            return secret_value(arn) if not key.removeprefix(":").partition(":")[0] else _identifier(reference, 64)
    return None


def secret_value(arn: str) -> str:
    """The made-up value of a secret that the template makes."""
    return _identifier(f"{arn}/secret", 64)


def client_secret(client_id: str) -> str:
    """The secret of a user pool client that has one."""
    return _identifier(f"{client_id}/secret", 52)


def _identifier(seed: str, length: int) -> str:
    number = int.from_bytes(hashlib.sha512(seed.encode()).digest())
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)


def code_hash(*parts: str) -> str:
    """A short name for what these texts stand for."""
    return base64.b32encode(hashlib.sha256("\0".join(parts).encode()).digest()[:10]).decode().lower()
