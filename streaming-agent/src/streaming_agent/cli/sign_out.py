"""`streaming-agent sign-out`: ends a sign-in that was kept, there and here."""

import argparse

from .api_options import add_options, chosen_api


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its options."""
    parser = verbs.add_parser("sign-out", help="revoke the tokens that --keep kept, and remove them")
    add_options(parser)
    parser.set_defaults(run=run, extra="client")


def run(chosen: argparse.Namespace) -> int:
    """Runs the verb."""
    from ..client import TokenStore, sign_out

    api = chosen_api(chosen)
    store = TokenStore()
    had = sign_out(api.address, api.source, store)
    print("signed out" if had else f"nobody was signed in: {store.path} has no tokens for this API and user")
    return 0
