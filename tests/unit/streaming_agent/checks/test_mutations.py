"""Each mutation of a good template is found by its own rule and by no other, and near it each rule keeps quiet."""

import pytest
from streaming_agent.checks.acknowledgments import silenced
from streaming_agent.checks.engine import all_rules, check_templates
from streaming_agent.checks.finding import Finding

from .mutations import MUTATIONS, Mutation, right, templates, wrong

TEMPLATE_RULES = [rule for rule in all_rules() if rule.group != "Agent code"]


def found(mutation: Mutation) -> list[Finding]:
    stacks = templates(mutation)
    told = silenced(check_templates(stacks), stacks, all_rules(), all_rules())
    return [finding for finding in told if finding.acknowledged is None]


@pytest.mark.parametrize("base", ["runtime", "function"])
def test_nothing_is_found_in_a_good_template(base: str) -> None:
    assert found(right("", "nothing", base, {})) == []


@pytest.mark.parametrize(
    "mutation",
    [mutation for mutation in MUTATIONS if mutation.rule],
    ids=lambda mutation: f"{mutation.rule}: {mutation.what}",
)
def test_a_mutation_is_found_by_its_own_rule_alone(mutation: Mutation) -> None:
    findings = found(mutation)
    own = [finding for finding in findings if finding.rule.name == mutation.rule]

    assert own
    assert all(finding.undecided is mutation.undecided for finding in own)
    assert {finding.rule.name for finding in findings} - {mutation.rule} <= mutation.also
    assert all(finding.place.line >= 1 and "\n" not in finding.message for finding in findings)


@pytest.mark.parametrize(
    "mutation",
    [mutation for mutation in MUTATIONS if not mutation.rule],
    ids=lambda mutation: f"{mutation.near}: {mutation.what}",
)
def test_a_rule_keeps_quiet_near_what_it_finds(mutation: Mutation) -> None:
    names = {finding.rule.name for finding in found(mutation)}

    assert mutation.near not in names
    assert names <= mutation.also


def without_cases(names: list[str], mutations: list[Mutation]) -> set[str]:
    """The rules that have no template that fails them, or none near it that passes."""
    failing = {mutation.rule for mutation in mutations}
    passing = {mutation.near for mutation in mutations if not mutation.rule}
    return {name for name in names if name not in failing or name not in passing}


def test_each_rule_has_a_template_that_fails_it_and_one_near_it_that_passes() -> None:
    assert without_cases([rule.name for rule in TEMPLATE_RULES], MUTATIONS) == set()


def test_a_planted_rule_without_both_is_noticed() -> None:
    planted = [wrong("planted", "only a failing one", "runtime", {})]
    assert without_cases(["planted"], planted) == {"planted"}
    assert without_cases(["planted"], [*planted, right("planted", "and a passing one", "runtime", {})]) == set()


def test_codes_and_names_are_each_one_rules() -> None:
    rules = all_rules()
    assert len({rule.code for rule in rules}) == len({rule.name for rule in rules}) == len(rules)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_a_rule_says_why_in_one_sentence_and_names_its_page(rule: object) -> None:
    from streaming_agent.checks.rule import Rule

    assert isinstance(rule, Rule)
    assert rule.why.endswith(".")
    assert rule.fix
    assert rule.source.startswith("https://")
    assert rule.url.endswith(f"#{rule.code.lower()}-{rule.name}")
