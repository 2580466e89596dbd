"""User pools and their clients as the template says, with the users that a local run gives them."""

import hmac
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc.jwk import RSAKey

from ...template import Refusal, TemplateResource
from ..values import LocalValues

# What a client without ExplicitAuthFlows allows (AWS::Cognito::UserPoolClient).
_DEFAULT_FLOWS = ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH")
_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


@dataclass(frozen=True)
class User:
    """Someone who can sign in."""

    username: str
    password: str
    sub: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PoolClient:
    """One app client: which flows it allows and how long its tokens last, in seconds."""

    id: str
    secret: str | None
    flows: frozenset[str]
    id_validity: int
    access_validity: int
    refresh_validity: int
    hides_unknown_users: bool
    oauth_flows: frozenset[str] = frozenset()  # "code", "client_credentials"
    scopes: tuple[str, ...] = ()
    callback_urls: tuple[str, ...] = ()
    logout_urls: tuple[str, ...] = ()

    def allows(self, flow: str) -> bool:
        """Whether the client allows a flow such as `USER_SRP_AUTH`, by its new name or its old one."""
        return f"ALLOW_{flow}" in self.flows or flow in self.flows


@dataclass(kw_only=True)
class UserPool:
    """One user pool with a signing key of its own."""

    logical_id: str
    id: str
    arn: str
    signs_in_by_email: bool
    clients: Mapping[str, PoolClient]
    users: dict[str, User] = field(default_factory=dict)
    discovery_url: str | None = None  # of the OpenID provider that it plays; None: it is a Cognito user pool
    claims: dict[str, Any] = field(default_factory=dict)  # of every user, in both tokens
    identity_claims: Mapping[str, Any] = field(default_factory=dict)  # of every user, in ID tokens
    also_known_as: set[str] = field(default_factory=set)  # ids by which the template means the same pool
    _key: RSAKey | None = None

    @property
    def key(self) -> RSAKey:
        """What signs its tokens; made when it is first needed."""
        if self._key is None:
            self._key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        return self._key

    @key.setter
    def key(self, key: RSAKey) -> None:
        self._key = key

    def is_called(self, pool_id: str | None) -> bool:
        """Whether the template means this pool by the id."""
        return pool_id == self.id or pool_id in self.also_known_as

    def add_user(self, name: str, password: str | None = None) -> User:
        """Adds a confirmed user; without a password one is made up that any password policy takes."""
        sub = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.id}/{name}"))
        email = name if "@" in name else f"{name}@example.com"
        login = email if self.signs_in_by_email else name
        user = User(
            username=sub if self.signs_in_by_email else name,
            password=password or f"Aa1!{secrets.token_urlsafe(12)}",
            sub=sub,
            attributes={"email": email, "email_verified": "true"},
        )
        self.users[login] = user
        return user

    def user_named(self, name: str) -> User | None:
        """The user who signs in with this name, or has it."""
        return self.users.get(name) or next((user for user in self.users.values() if user.username == name), None)

    def user_by_password(self, name: str, password: str) -> User | None:
        """The user, if that is the password."""
        user = self.user_named(name)
        if user is None or not hmac.compare_digest(user.password.encode(), password.encode()):
            return None
        return user

    def login_of(self, user: User) -> str:
        """The name that the user signs in with."""
        return next(login for login, known in self.users.items() if known is user)


def read_pools(
    values: LocalValues, is_wanted: Callable[[str, str], bool] = lambda pool_id, arn: True
) -> Iterator[UserPool]:
    """The user pools that the templates create, with their clients; only those whose id and ARN are wanted."""
    clients: dict[str, dict[str, PoolClient]] = {}
    for resource in values.view.resources("AWS::Cognito::UserPoolClient"):
        client = _client(resource, values)
        clients.setdefault(values.of(resource).text("UserPoolId"), {})[client.id] = client
    for resource in values.view.resources("AWS::Cognito::UserPool"):
        pool_id = values.ref(resource)
        if not is_wanted(pool_id, values.attribute(resource, "Arn")):
            continue
        yield UserPool(
            logical_id=resource.logical_id,
            id=pool_id,
            arn=values.attribute(resource, "Arn"),
            signs_in_by_email="email" in values.of(resource).texts("UsernameAttributes"),
            clients=clients.get(pool_id, {}),
        )


def _client(resource: TemplateResource, values: LocalValues) -> PoolClient:
    of = values.of(resource)

    def validity(name: str, default: int, default_unit: str) -> int:
        number = of.number(f"{name}Validity")
        unit = of.text("TokenValidityUnits", name, default=default_unit)
        if unit not in _UNIT_SECONDS:
            raise Refusal(
                "SAL016",
                f"{resource.logical_id}.TokenValidityUnits.{name}: expected seconds, minutes, hours or days,"
                f" got {unit!r}",
            )
        return int(number * _UNIT_SECONDS[unit]) or default

    signs_in = of.flag("AllowedOAuthFlowsUserPoolClient")
    return PoolClient(
        id=values.ref(resource),
        secret=values.attribute(resource, "ClientSecret") if of.flag("GenerateSecret") else None,
        flows=frozenset(of.texts("ExplicitAuthFlows") or _DEFAULT_FLOWS),
        id_validity=validity("IdToken", 3600, "hours"),
        access_validity=validity("AccessToken", 3600, "hours"),
        refresh_validity=validity("RefreshToken", 30 * 86400, "days"),
        hides_unknown_users=of.text("PreventUserExistenceErrors") == "ENABLED",
        oauth_flows=frozenset(of.texts("AllowedOAuthFlows") if signs_in else ()),
        scopes=tuple(of.texts("AllowedOAuthScopes") if signs_in else ()),
        callback_urls=tuple(of.texts("CallbackURLs") if signs_in else ()),
        logout_urls=tuple(of.texts("LogoutURLs") if signs_in else ()),
    )
