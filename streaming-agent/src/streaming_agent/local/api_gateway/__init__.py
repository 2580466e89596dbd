"""The gateway that plays API Gateway."""

from .authorizers import CognitoAuthorizer, IamAuthorizer, LambdaAuthorizer
from .gateway import Gateway
from .rest_api import LocalIntegration, LocalRoute, RestApi
from .rest_api_reader import leads_to_an_agent, read_rest_api
from .sigv4 import LocalCredentials

__all__ = [
    "CognitoAuthorizer",
    "Gateway",
    "IamAuthorizer",
    "LambdaAuthorizer",
    "LocalCredentials",
    "LocalIntegration",
    "LocalRoute",
    "RestApi",
    "leads_to_an_agent",
    "read_rest_api",
]
