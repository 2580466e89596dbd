"""AWS Secrets Manager as far as agents need it: GetSecretValue of the secrets that the template makes."""

import json
from collections.abc import Mapping

from ..template import Resolver
from .identities import secret_value
from .messages import Reply, Request, json_reply

_JSON = (("Content-Type", "application/x-amz-json-1.1"),)


def read_secrets(resolver: Resolver) -> dict[str, str]:
    """The made-up value of each of the template's secrets, by ARN."""
    resources = resolver.template.of_type("AWS::SecretsManager::Secret")
    arns = [str(resolver.ref(resource)) for resource in resources if resolver.exists(resource)]
    return {arn: secret_value(arn) for arn in arns}


class SecretsManager:
    """Answers agents. A secret here was never rotated, so it has no previous version."""

    body_limit = 64 * 1024

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = secrets

    async def handle(self, request: Request) -> Reply:
        """Answers one request."""
        action = (request.header("X-Amz-Target") or "").rpartition(".")[2]
        try:
            asked = json.loads(request.body)
        except ValueError:
            asked = None
        if action != "GetSecretValue" or not isinstance(asked, dict):
            return _error("InvalidRequestException", f"{action or 'this'} is not part of the local run.")
        arn, stage = asked.get("SecretId"), asked.get("VersionStage", "AWSCURRENT")
        value = self._secrets.get(str(arn))
        if value is None or stage != "AWSCURRENT":
            return _error("ResourceNotFoundException", "Secrets Manager can't find the specified secret value.")
        found = {"ARN": arn, "SecretString": value, "VersionStages": ["AWSCURRENT"]}
        return json_reply(200, found, _JSON)


def _error(kind: str, message: str) -> Reply:
    return json_reply(400, {"__type": kind, "message": message}, _JSON)
