"""A sentence for users names things as the reader's language does."""

import re
from functools import cache
from pathlib import Path

import pytest

from tools.pyjsii.emitter.sentences import Words, in_typescript
from tools.pyjsii.translate import declared, translate

SOURCE = Path(__file__).parents[4] / "src" / "streaming_agent_construct"
TWINS = SOURCE.parents[1] / "npm"
CLAIMS = {"client_id", "origin_jti", "token_use"}


@cache
def words() -> Words:
    return Words.of(declared(SOURCE, TWINS).world)


@pytest.mark.parametrize(
    ("python", "typescript"),
    [
        ("leave access_logs out", "leave accessLogs out"),
        ("add session=SessionBinding.PER_USER if so", "add session: SessionBinding.PER_USER if so"),
        ("at most max_lifetime", "at most maxLifetime"),
        ("beside model=, which sets it", "beside model, which sets it"),
        ("it needs no model=", "it needs no model"),
        ("use AgentSource.from_directory", "use AgentSource.fromDirectory"),
        ("with repository.grant_pull(api.runtime.role)", "with repository.grantPull(api.runtime.role)"),
        ("ApiEndpoint.edge_optimized(max_idle=...)", "ApiEndpoint.edgeOptimized({ maxIdle: ... })"),
        ("call make('a_b', rate_limit=2)", "call make('a_b', { rateLimit: 2 })"),
        ("QuotaSettings(limit=1, period=Period.DAY)", "{ limit: 1, period: Period.DAY }"),
        (
            "add Protection(runtime_guard=RuntimeGuard.private_path(...)), or",
            "add protection: { runtimeGuard: RuntimeGuard.privatePath(...) }, or",
        ),
        ("access_logs is False, so", "accessLogs is false, so"),
        ("callback_urls=['https://a_b']", "callbackUrls: ['https://a_b']"),
        ("write f'arn:{Aws.PARTITION}:x'", "write `arn:${Aws.PARTITION}:x`"),
        ("got 'rate_limit=2'", "got 'rate_limit=2'"),
        (
            "the agent's name (docs/x.md has it) is the agents' own",
            "the agent's name (docs/x.md has it) is the agents' own",
        ),
        ("carries token_use and client_id", "carries token_use and client_id"),
        ("use AgentCoreRuntime.PYTHON_3_13", "use AgentCoreRuntime.PYTHON_3_13"),
    ],
)
def test_names_and_calls_are_typescripts(python: str, typescript: str) -> None:
    assert in_typescript(python, words()) == typescript


def test_no_sentence_of_the_npm_package_speaks_python() -> None:
    text = "\n".join(translate(SOURCE, TWINS).values())
    sentences = re.findall(r"new StreamingAgentError\('SAC\d+', (.+)\);|\.add(?:Warning|Info)V2\([^,]+, (.+)\);", text)
    told = [re.sub(r"\\'", "'", first or second)[1:-1] for first, second in sentences]
    assert len(told) > 100
    for sentence in told:
        bare = re.sub(r"\$\{[^}]*\}|(?<!\w)'[^']*'(?!\w)", "", sentence)
        assert set(re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", bare)) <= CLAIMS, sentence
        assert not re.search(r"\b[a-z]\w*=|\b(True|False|None)\b", bare), sentence
