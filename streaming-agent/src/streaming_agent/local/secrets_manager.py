"""AWS Secrets Manager as far as agents need it: GetSecretValue of the secrets that the template makes."""

import hmac
import json
from collections.abc import Mapping

from .messages import Reply, Request, json_reply
from .values import LocalValues

_JSON = (("Content-Type", "application/x-amz-json-1.1"),)


def read_secrets(values: LocalValues) -> dict[str, str]:
    """The made-up value of each of the templates' secrets, by ARN."""
    arns = [values.ref(resource) for resource in values.view.resources("AWS::SecretsManager::Secret")]
    return {arn: values.secret_value(arn) for arn in arns}


class SecretsManager:
    """Answers agents. A secret here was never rotated, so it has no previous version.

    Args:
        secrets: The values, by ARN.
        key: What the address of each request ends with; only the run's agents are told it.
    """

    body_limit = 64 * 1024

    def __init__(self, secrets: Mapping[str, str], key: str) -> None:
        self._secrets = secrets
        self._key = key

    async def handle(self, request: Request) -> Reply:
        """Answers one request."""
        if not hmac.compare_digest(request.path.strip("/").encode(), self._key.encode()):
            return _error("AccessDeniedException", "Only the local run's own agents are answered.")
        action = (request.header("X-Amz-Target") or "").rpartition(".")[2]
        try:
            asked = json.loads(request.body)
        except (ValueError, RecursionError):
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
