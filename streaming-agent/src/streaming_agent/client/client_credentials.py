"""Signs a program in, not a person: OAuth's client credentials, which give only an access token."""

from .address import AgentAddress
from .call_errors import SignInFailed
from .oauth import token_request
from .token_source import Flow, TokenSource
from .tokens import Tokens, TokenUse


class ClientCredentials(TokenSource):
    """An app client's own secret.

    :param client_secret: The secret of the address's ``client_id``.
    :param scopes: The scopes to ask for, such as ``agents/invoke``. ``None``: the address's
        scopes, or all that the client may have.

    Example::

        ClientCredentials(os.environ["CLIENT_SECRET"], scopes=["agents/invoke"])
    """

    def __init__(self, client_secret: str, *, scopes: list[str] | None = None) -> None:
        self._client_secret = client_secret
        self._scopes = scopes

    @property
    def name(self) -> str:
        """The scopes: another choice is another token."""
        return f"client_credentials {' '.join(self._scopes or [])}".rstrip()

    def sign_in(self, address: AgentAddress) -> Flow:
        """One request; there is nothing to refresh."""
        if address.token_type is TokenUse.ID:
            raise SignInFailed(
                "CLI016",
                "an API that takes ID tokens must be asked by a user, got ClientCredentials, which give access tokens:"
                " sign in with SrpSignIn, or deploy the API with AgentAuth.user_pool(…, token=TokenType.ACCESS)",
            )
        form = {"grant_type": "client_credentials"}
        if scopes := self._scopes or address.scopes:
            form["scope"] = " ".join(scopes)
        return Tokens.of_token_endpoint((yield from token_request(address, form, self._client_secret)))

    def refresh(self, address: AgentAddress, refresh_token: str) -> Flow:
        """The same request again: client credentials have no refresh token."""
        return self.sign_in(address)
