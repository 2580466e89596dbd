"""Runs lines one after the other: deploy each step, ask, delete. What was deployed is deleted after a failure too."""

import contextlib
import json
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .assertions import AFTERWARDS, ASSERTIONS
from .caller import Caller
from .cdk import VERSION, Cdk
from .deployment import Deployment
from .lines import Line, Step
from .narrow_bootstrap import narrow_bootstrap

RESULTS = Path(__file__).parent / "results"


@dataclass
class Result:
    """What one line decided."""

    line: str
    title: str
    decides: str
    regions: list[str]
    passed: bool = False
    seen: dict[str, Any] = field(default_factory=dict)
    """What each step's assertion saw."""
    problems: list[str] = field(default_factory=list)
    left_behind: list[str] = field(default_factory=list)
    """Stacks that could not be deleted."""
    seconds: float = 0


def run_line(
    line: Line,
    regions: Mapping[str, str],
    folder: Path,
    aws: Callable[[str, str], Any],
    cdk: Callable[[Line, str, Path], Any] = Cdk,
    connect: Callable[..., Deployment] = Deployment,
) -> Result:
    """Runs one line; never raises, so that the next line runs."""
    begun = time.monotonic()
    used = [regions[step.region] for step in line.steps]
    result = Result(line.id, line.title, line.decides, sorted(set(used)))
    touched: dict[str, tuple[Any, Step]] = {}
    last: dict[str, Deployment] = {}
    surroundings = contextlib.ExitStack()
    try:
        if line.id == "D12":
            first = cdk(line, used[0], folder)
            surroundings.enter_context(narrow_bootstrap(aws, used[0], line.stack, first.bootstrap))
        for step, region in zip(line.steps, used, strict=True):
            cli = touched[region][0] if region in touched else cdk(line, region, folder)
            # From here on there may be something to delete.
            touched[region] = (cli, step)
            if line.id == "D8" and step.name == "again":
                cli.destroy(step)
            with _caller(last.get(region), result, f"calls during {step.name} in {region}"):
                ended_well = cli.deploy(step)
            if ended_well is step.fails:
                raise AssertionError(f"{step.name}: the deployment {'succeeded' if ended_well else 'failed'}")
            outputs = _outputs(cli.outputs)
            stack = line.stack if line.example is None else next(iter(outputs), line.stack)
            last[region] = connect(
                stack=stack, region=region, outputs=outputs.get(stack, {}), outputs_file=cli.outputs, aws=aws
            )
            result.seen[f"{step.name} in {region}"] = ASSERTIONS[line.id](last[region])
        result.passed = True
    except AssertionError as problem:
        result.problems.append(str(problem))
    except Exception:
        result.problems.append(traceback.format_exc())
    finally:
        for region, (cli, step) in touched.items():
            if not cli.destroy(step):
                result.left_behind.append(f"{line.stack} in {region}")
        try:
            surroundings.close()
        except Exception:
            result.left_behind.append("the narrow bootstrap")
            result.problems.append(traceback.format_exc())
    for region, deployment in last.items():
        if line.id in AFTERWARDS and not result.left_behind:
            result.seen[f"afterwards in {region}"] = AFTERWARDS[line.id](deployment)
    result.passed = result.passed and not result.left_behind
    result.seconds = round(time.monotonic() - begun, 1)
    return result


def write_results(results: Sequence[Result], versions: Mapping[str, str], folder: Path = RESULTS) -> Path:
    """Writes a file with the date, the Regions, the versions and every result."""
    now = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y-%m-%dT%H%M%SZ}.json"
    written = {
        "date": now.isoformat(timespec="seconds"),
        "versions": {"aws-cdk": VERSION, **versions},
        "lines": [asdict(result) for result in results],
    }
    path.write_text(json.dumps(written, indent=2, default=str) + "\n", encoding="utf-8")
    return path


@contextlib.contextmanager
def _caller(deployment: Deployment | None, result: Result, name: str) -> Iterator[None]:
    """Calls once a second while what was deployed before is updated."""
    urls = [url for name, url in deployment.outputs.items() if "InvocationsUrl" in name] if deployment else []
    if deployment is None or not urls:
        yield
        return
    with Caller(deployment.ask, urls[0]) as caller:
        yield
    result.seen[name] = caller.seen


def _outputs(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    outputs: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return outputs
