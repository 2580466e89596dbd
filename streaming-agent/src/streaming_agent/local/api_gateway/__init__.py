"""The gateway that stands in for API Gateway."""

from .authorizers import IamAuthorizer, LambdaAuthorizer
from .gateway import Gateway
from .rest_api import Integration, RestApi, Route, read_rest_apis
from .sigv4 import ACCESS_KEY_ID, SECRET_ACCESS_KEY

__all__ = [
    "ACCESS_KEY_ID",
    "SECRET_ACCESS_KEY",
    "Gateway",
    "IamAuthorizer",
    "Integration",
    "LambdaAuthorizer",
    "RestApi",
    "Route",
    "read_rest_apis",
]
