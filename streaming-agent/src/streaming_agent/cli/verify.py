"""`streaming-agent verify`: probes an API from outside, and says what it found."""

import argparse
import json
from pathlib import Path

from ..errors import Refusal
from .api_options import add_headers, add_options, chosen_api


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its options."""
    parser = verbs.add_parser("verify", help="check from outside that an API streams, and refuses what it must")
    parser.add_argument("--prompt", help="a question whose answer takes a second or more")
    parser.add_argument("--origin", metavar="URL", help="the origin of a web page that may ask")
    parser.add_argument(
        "--session",
        choices=("per-user", "per-sign-in", "per-request", "client"),
        default="per-user",
        help="the stack's SessionBinding (default: per-user)",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--plot", metavar="FILE.svg", type=Path, help="draw when the chunks came")
    add_headers(parser)
    add_options(parser)
    parser.set_defaults(run=run, extra="client")


def run(chosen: argparse.Namespace) -> int:
    """Runs the verb: 0 when everything holds, 1 when something does not."""
    if chosen.plot is not None and chosen.plot.suffix != ".svg":
        raise Refusal("SAL071", f"plot: expected a file that ends in .svg, got {chosen.plot}")
    from ..verify import Subject, verify
    from ..verify.timeline import timeline_svg

    api = chosen_api(chosen)
    subject = Subject(
        address=api.address,
        source=api.source,
        api_key=api.api_key,
        headers=api.headers,
        origin=chosen.origin,
        session=chosen.session,
        runtime_url=api.runtime_url,
        template_mode=api.template_mode,
        **({"prompt": chosen.prompt} if chosen.prompt else {}),
    )
    report = verify(subject)
    if chosen.plot is not None:
        try:
            chosen.plot.write_text(timeline_svg(report.timeline, "An answer on its way"), encoding="utf-8")
        except OSError as problem:
            raise Refusal("SAL072", f"plot: {chosen.plot} cannot be written: {problem.strerror}") from None
    print(json.dumps(report.json(), indent=2) if chosen.json else report.text())
    return 0 if report.passed else 1
