"""`python -m integ plan` says what would be done; `python -m integ run D1 D2` does it in the environment's account."""

import argparse
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import boto3

from .lines import chosen
from .plan import budget, plan
from .runner import run_line, write_results


def regions() -> dict[str, str]:
    """The Regions: the environment's, a second and a third one."""
    first = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    return {
        "first": first,
        "second": os.environ.get("INTEG_SECOND_REGION", "us-west-2"),
        "third": os.environ.get("INTEG_THIRD_REGION", "eu-south-2"),
    }


def client(service: str, region: str) -> Any:
    """A boto3 client, or the session itself."""
    session = boto3.Session(region_name=region)
    return session if service == "session" else session.client(service)  # type: ignore[call-overload]


def main(arguments: list[str] | None = None) -> int:
    """Runs the command: 0 when every line passed."""
    parser = argparse.ArgumentParser(prog="python -m integ", description=__doc__)
    parser.add_argument("command", choices=("plan", "run"))
    parser.add_argument("lines", nargs="*", metavar="LINE", help="D1 to D14; all without one")
    parser.add_argument("--yes", action="store_true", help="do not ask before it costs money")
    given = parser.parse_args(arguments)
    lines, where = chosen(given.lines), regions()
    print(plan(lines, where))
    if given.command == "plan":
        return 0
    account = client("sts", where["first"]).get_caller_identity()["Account"]
    print(f"\nIn the account {account}. Use one that holds nothing else: D1 and D12 look at it as a whole.")
    if not given.yes and not _confirmed(budget(lines)):
        print("nothing was deployed")
        return 1
    results, path = [], None
    with tempfile.TemporaryDirectory() as folder:
        for line in lines:
            result = run_line(line, where, Path(folder), client)
            results.append(result)
            print(f"{line.id}: {'passed' if result.passed else 'FAILED'} in {result.seconds:.0f} s", *result.problems)
            for stack in result.left_behind:
                print(f"{line.id}: delete by hand: {stack}")
            # After each line: what was seen stays, whatever comes next.
            path = write_results(results, {"python": platform.python_version(), "aws-cdk-lib": version("aws-cdk-lib")})
    print(f"written to {path}")
    return 0 if all(result.passed for result in results) else 1


def _confirmed(dollars: float) -> bool:
    if not sys.stdin.isatty():
        print("stdin is not a terminal: pass --yes to confirm the budget")
        return False
    return input(f"This costs about {dollars:.2f} dollars. Type the number to go on: ").strip() == f"{dollars:.2f}"


if __name__ == "__main__":
    sys.exit(main())
