"""`streaming-agent check`: what keeps a template's stream from streaming, or its agent from being safe."""

import argparse
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..checks.finding import Severity
from ..checks.formats import FORMATS
from ..errors import Refusal
from .output import print_error

if TYPE_CHECKING:
    from ..checks.check_run import Report
    from ..checks.configuration import Configuration

_SEVERITIES = [severity.word for severity in sorted(Severity, reverse=True)]
_HELP = """\
PATH is a template (JSON or YAML, SAM too), a folder that cdk synth wrote, a Terraform plan as JSON
(terraform show -json), an agent's Python file or folder, or - for standard input. Amplify and
`serverless package` write plain CloudFormation: name the file. Exit code: 0 nothing at or above
--fail-on, 1 something, 2 something could not be checked.
"""


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its options."""
    parser = verbs.add_parser(
        "check",
        help="check a template or an agent's code for what stops a stream or opens an agent",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="what to check (default: the settings' paths, else .)")
    parser.add_argument("--app", metavar="COMMAND", help="synthesise this CDK app and check what it writes")
    parser.add_argument("--format", choices=FORMATS, default="table", help="how to write the report (default: table)")
    parser.add_argument("--output-file", metavar="FILE", type=Path, help="write the report here")
    parser.add_argument("--open", action="store_true", help="show the HTML report in a browser")
    parser.add_argument(
        "--select", metavar="RULES", action="append", default=[], help="only these: codes, CHK05, names"
    )
    parser.add_argument("--ignore", metavar="RULES", action="append", default=[], help="not these")
    parser.add_argument("--fail-on", choices=_SEVERITIES, help="exit with 1 from this severity on (default: warning)")
    parser.add_argument("--undecided", choices=_SEVERITIES, help="the severity of 'cannot tell' (default: note)")
    parser.add_argument("--against", metavar="OLD", type=Path, help="the template or assembly that is deployed")
    parser.add_argument(
        "--parameter", metavar="NAME=VALUE", action="append", default=[], help="the value of a template's parameter"
    )
    parser.add_argument("--stdin-filename", metavar="NAME", default="template.yaml", help="what - is called")
    parser.add_argument("--explain", metavar="RULE", help="say more of one rule")
    parser.add_argument("--list-rules", action="store_true", help="list the rules")
    parser.set_defaults(run=run, extra=None)


def run(chosen: argparse.Namespace) -> int:
    """Runs the verb."""
    try:
        if chosen.list_rules or chosen.explain:
            return _explained(chosen)
        report = _report(chosen)
        for refusal in report.refused:
            print_error(refusal)
        _write(chosen, report)
    except Refusal as refusal:
        print_error(refusal)
        return 2
    return report.exit_code


def _explained(chosen: argparse.Namespace) -> int:
    from ..checks.catalogue import listed, section
    from ..checks.engine import all_rules
    from ..checks.selection import selected, unknown_rule

    rules = all_rules()
    if chosen.list_rules:
        print(listed(rules))
        return 0
    matching = [
        rule for rule in selected(rules, [chosen.explain]) if chosen.explain.lower() in (rule.code.lower(), rule.name)
    ]
    if not matching:
        raise unknown_rule(rules, chosen.explain)
    print(section(matching[0]))
    return 0


def _report(chosen: argparse.Namespace) -> "Report":
    from ..checks.check_run import run as run_checks
    from ..checks.configuration import FAIL_ON, configuration

    settings = configuration(Path.cwd())
    stdin = (sys.stdin.buffer.read(), chosen.stdin_filename) if "-" in chosen.paths else None
    if stdin is not None and len(chosen.paths) > 1:
        raise Refusal("SAL104", "- stands for standard input and goes with no other path")
    with _paths(chosen, settings) as paths:
        return run_checks(
            paths,
            select=_names(chosen.select) or settings.select,
            ignore=_names(chosen.ignore) or settings.ignore,
            fail_on=FAIL_ON[chosen.fail_on or settings.fail_on or "warning"],
            undecided=FAIL_ON[chosen.undecided or settings.undecided or "note"],
            parameters=_parameters(chosen.parameter),
            against=chosen.against,
            stdin=stdin,
        )


@contextmanager
def _paths(chosen: argparse.Namespace, settings: "Configuration") -> Iterator[list[Path]]:
    if chosen.app is None:
        given = [Path(path) for path in chosen.paths] or list(settings.paths) or [Path()]
        yield given
        return
    from .synth import synthesise

    with tempfile.TemporaryDirectory(prefix="streaming-agent-") as folder:
        yield [synthesise(chosen.app, Path(folder)), *(Path(path) for path in chosen.paths)]


def _names(given: list[str]) -> tuple[str, ...]:
    return tuple(name for one in given for name in one.replace(",", " ").split())


def _parameters(given: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name:
            raise Refusal("SAL104", f"--parameter: expected NAME=VALUE, got {one!r}")
        values[name] = value
    return values


def _write(chosen: argparse.Namespace, report: "Report") -> None:

    chosen_format = "html" if chosen.open and chosen.format == "table" else chosen.format
    text = FORMATS[chosen_format](report)
    file = chosen.output_file
    if file is None and chosen.open:
        file = Path(tempfile.mkdtemp(prefix="streaming-agent-")) / "check.html"
    if file is None:
        if text:
            print(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise Refusal("SAL104", f"{file} cannot be written: {problem.strerror}") from problem
    if chosen.open:
        webbrowser.open(file.resolve().as_uri())
        print(file, file=sys.stderr)
