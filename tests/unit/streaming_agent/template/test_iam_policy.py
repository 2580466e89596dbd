"""IAM's wildcards and how statements are weighed."""

from typing import Any

import pytest
from streaming_agent.template.iam_policy import is_allowed, matches

ARN = "arn:aws:execute-api:us-east-1:123456789012:abc/prod/POST/ask"


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        ("lambda:*", "lambda:InvokeFunction", True),
        ("lambda:Invoke???????", "lambda:InvokeFunction", False),
        ("lambda:Invoke????????", "lambda:InvokeFunction", True),
        ("lambda:invokefunction", "lambda:InvokeFunction", True),
    ],
)
def test_a_star_is_any_text_and_a_question_mark_one_character(pattern: str, value: str, fits: bool) -> None:
    assert matches(pattern, value, ignore_case=True) is fits


def test_brackets_are_no_class_of_characters() -> None:
    assert not matches("lambda:[iI]nvokeFunction", "lambda:InvokeFunction")
    assert matches("lambda:[iI]*", "lambda:[iI]nvokeFunction")


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([], False),
        ([{"Effect": "Allow", "Action": "execute-api:*", "Resource": "*"}], True),
        ([{"Effect": "Allow", "NotAction": "execute-api:Invoke", "Resource": "*"}], False),
        ([{"Effect": "Allow", "Action": "*"}], False),
        ([{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:other": "true"}}}], False),
        (
            [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "*", "Resource": ARN}],
            False,
        ),
    ],
)
def test_some_statement_must_allow_and_none_deny(statements: list[dict[str, Any]], allowed: bool) -> None:
    assert is_allowed(statements, "execute-api:Invoke", ARN) is allowed
