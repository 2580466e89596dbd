"""The token issuer that stands in for Cognito."""

from .pool import PoolClient, User, UserPool, read_pools
from .room import Issuer
from .stand_in import stand_in_pool, stand_in_provider

__all__ = ["Issuer", "PoolClient", "User", "UserPool", "read_pools", "stand_in_pool", "stand_in_provider"]
