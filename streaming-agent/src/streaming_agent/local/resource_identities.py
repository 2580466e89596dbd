"""What `Ref` and `Fn::GetAtt` of each resource type are locally: made-up ids in AWS's formats."""

import base64
import hashlib
from typing import TYPE_CHECKING

from ..template import Reference, TemplateResource

if TYPE_CHECKING:
    from .values import LocalValues

ID_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def identity_of(resource: TemplateResource, values: "LocalValues") -> tuple[str | None, dict[str, str]]:
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
            host = f"cognito-idp.{values.region}.{values.url_suffix}"
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
                "DomainName": f"{name}.s3.{values.url_suffix}",
                "RegionalDomainName": f"{name}.s3.{values.region}.{values.url_suffix}",
            }
        case "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable":
            name = named("TableName")
            return name, {"Arn": arn("dynamodb", f"table/{name}")}
        case "AWS::SSM::Parameter":
            return get("Name") or named("Name"), {"Value": get("Value"), "Type": get("Type")}
        case _:
            return None, {}


def generic_value(symbol: Reference, values: "LocalValues") -> str:
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
        number, digit = divmod(number, len(ID_ALPHABET))
        digits.append(ID_ALPHABET[digit])
    return "".join(digits)


def short_hash(*parts: str) -> str:
    """A short name for what these texts stand for."""
    return (
        base64.b32encode(hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).digest()[:10]).decode().lower()
    )
