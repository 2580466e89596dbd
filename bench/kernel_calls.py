"""How often each stack asks the CDK's kernel while it is built, and from which module: `python bench/kernel_calls.py`.

The CDK runs in a Node process; each call to it is a message there and back. They are counted, not timed, so the figures
are the same on every machine. 1, 10 and 100 APIs in one app show whether the calls grow with the APIs only.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import App, Stack
from synth_cost import AGENT, HANDWRITTEN, by_hand

import streaming_agent_construct
from streaming_agent_construct import AgentSource, StreamingAgentApi

PACKAGE = Path(streaming_agent_construct.__file__).parent
OPERATIONS = ("create", "get", "set", "sget", "sset", "invoke", "sinvoke")
KINDS = {
    "making an object": ("create",),
    "reading or setting a property": ("get", "set", "sget", "sset"),
    "calling a method": ("invoke", "sinvoke"),
}
NUMBERS_OF_APIS = (1, 10, 100)


@contextmanager
def counting() -> Iterator[Counter[tuple[str, str, str]]]:
    """The kernel calls by module, operation and member."""
    calls: Counter[tuple[str, str, str]] = Counter()
    provider: Any = jsii.kernel.provider
    originals = {operation: getattr(provider, operation) for operation in OPERATIONS}

    def counted(operation: str) -> Callable[..., object]:
        def call(request: Any) -> object:
            # An object's reference is its class and a number: "aws-cdk-lib.aws_logs.LogGroup@10007".
            subject = request.objref.ref.partition("@")[0] if hasattr(request, "objref") else request.fqn
            member = getattr(request, "property", "") or getattr(request, "method", "")
            calls[_module(), operation, f"{subject.rpartition('.')[2]} {member}".rstrip()] += 1
            return originals[operation](request)

        return call

    for operation in OPERATIONS:
        setattr(provider, operation, counted(operation))
    try:
        yield calls
    finally:
        for operation in OPERATIONS:
            delattr(provider, operation)


def _module() -> str:
    """The module of ours, or the handwritten stack, that asked: the nearest one up the stack."""
    frame = sys._getframe(2)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(HANDWRITTEN):
            return "by hand"
        if path.is_relative_to(PACKAGE) and path.name != "argument_types.py":
            return path.relative_to(PACKAGE).as_posix()
        frame = frame.f_back  # type: ignore[assignment]
    return "the app"


def calls_of(fill: Callable[[Stack], None]) -> Counter[tuple[str, str, str]]:
    """The calls of one stack, without those that make the app, the stack and its assembly."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(App(outdir=folder, context={"aws:cdk:bundling-stacks": []}), "Chat")
        with counting() as calls:
            fill(stack)
    return calls


def apis(number: int) -> Callable[[Stack], None]:
    def fill(stack: Stack) -> None:
        for index in range(number):
            StreamingAgentApi(stack, f"Agent{index}", agent=AgentSource.from_directory(AGENT))

    return fill


def by_module(calls: Counter[tuple[str, str, str]]) -> Counter[str]:
    modules: Counter[str] = Counter()
    for (module, _, _), number in calls.items():
        modules[module] += number
    return modules


def main() -> None:
    ours, hand = calls_of(apis(1)), calls_of(by_hand)
    print(f"kernel calls of the three-line app: {ours.total()}, of the same by hand: {hand.total()}\n")
    print(f"  {'':<44}{'ours':>6}{'by hand':>9}")
    for what, operations in KINDS.items():
        both = (sum(number for (_, one, _), number in calls.items() if one in operations) for calls in (ours, hand))
        print(f"  {what:<44}{next(both):>6}{next(both):>9}")
    print()
    modules = by_module(ours)
    folders: Counter[str] = Counter()
    for module, number in modules.items():
        folders[module.split("/")[0] if "/" in module else "(top)"] += number
    for folder, total in folders.most_common():
        print(f"  {folder:<44}{total:>6}")
        for module, number in modules.most_common():
            if module.startswith(f"{folder}/") or ("/" not in module and folder == "(top)"):
                print(f"    {module:<42}{number:>6}")
    print("\n  APIs in one app      calls   each")
    for number in NUMBERS_OF_APIS:
        total = calls_of(apis(number)).total()
        print(f"  {number:<16}{total:>10}{total / number:>7.1f}")
    if "--members" in sys.argv:
        print()
        for (module, operation, member), number in sorted(ours.items()):
            print(f"  {module:<40}{operation:<8}{member:<50}{number:>4}")


if __name__ == "__main__":
    main()
