"""Who signs in to a local run: its user, or the machine whose client it is."""

from .address import LocalRun
from .client_credentials import ClientCredentials
from .srp_sign_in import SrpSignIn
from .token_source import TokenSource


def local_sign_in(local: LocalRun) -> TokenSource:
    """A client with a secret is a machine's: its secret signs in, where a user's is a password."""
    if local.client_secret is not None:
        return ClientCredentials(local.client_secret)
    return SrpSignIn(local.username, local.password)
