"""`streaming-agent token`: prints a token, for curl and other clients."""

import argparse
from dataclasses import replace

from .api_options import add_options, chosen_api


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its options."""
    parser = verbs.add_parser("token", help="print a token for curl")
    parser.add_argument("--type", choices=("id", "access"), help="which one (default: the one that the API takes)")
    add_options(parser)
    parser.set_defaults(run=run, extra="client")


def run(chosen: argparse.Namespace) -> int:
    """Runs the verb."""
    from ..client import TokenUse

    api = chosen_api(chosen)
    if chosen.type:
        api = replace(api, address=replace(api.address, token_type=TokenUse(chosen.type)))
    with api.client() as client:
        print(client.token())
    return 0
