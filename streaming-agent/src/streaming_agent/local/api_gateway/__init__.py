"""The gateway that plays API Gateway."""

from .authorizers import CognitoAuthorizer, IamAuthorizer, LambdaAuthorizer
from .gateway import Gateway
from .rest_api import Integration, RestApi, Route
from .rest_api_reader import leads_to_an_agent, read_rest_api
from .sigv4 import LocalCredentials

__all__ = [
    "CognitoAuthorizer",
    "Gateway",
    "IamAuthorizer",
    "Integration",
    "LambdaAuthorizer",
    "LocalCredentials",
    "RestApi",
    "Route",
    "leads_to_an_agent",
    "read_rest_api",
]
