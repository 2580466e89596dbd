"""Properties of another shape than documented: one sentence with the path, and our own mistakes are no user's."""

from typing import Any

import pytest
from streaming_agent.template import Expected, Pseudo, Reference, Refusal, Symbol, TemplateResource, TemplateSet

WRITTEN: dict[str, Any] = {
    "Text": "a",
    "Number": "29000",
    "Endless": "inf",
    "Flag": "false",
    "List": ["a", 5],
    "Deep": {"Inner": [1]},
    "Arn": {"Fn::Sub": "arn:${AWS::Region}:${Pool}"},
    "Open": {"Ref": "Mode"},
}


@pytest.fixture(scope="module")
def resource() -> TemplateResource:
    body = {
        "Parameters": {"Mode": {"Type": "String"}},
        "Resources": {"Here": {"Type": "X", "Properties": WRITTEN}, "Pool": {"Type": "AWS::Cognito::UserPool"}},
    }
    (here,) = TemplateSet.of({"Chat": body}).view().resources("X")
    return here


def known(symbol: Symbol) -> str | None:
    if isinstance(symbol, Pseudo):
        return {"AWS::Region": "eu-west-1"}.get(symbol.name)
    return "pool-1" if symbol == Reference("Chat", "Pool") else None


def test_values_of_the_documented_shape_are_given(resource: TemplateResource) -> None:
    expected = Expected(resource, known)

    assert (expected.text("Text"), expected.number("Number"), expected.flag("Flag")) == ("a", 29000, False)
    assert (expected.items("List"), expected.mapping("Deep")) == (["a", 5], {"Inner": [1]})
    assert expected.text("Arn") == "arn:eu-west-1:pool-1"
    assert (expected.text("Missing", default="x"), expected.items("Missing")) == ("x", [])


@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        (lambda e: e.text("List"), "Here.List: expected a text, got a list (SAL016)"),
        (lambda e: e.text("Deep", "Inner"), "Here.Deep.Inner: expected a text, got a list (SAL016)"),
        (lambda e: e.number("Text"), "Here.Text: expected a number, got a text ('a') (SAL016)"),
        (lambda e: e.number("Endless"), "Here.Endless: expected a number, got a text ('inf') (SAL016)"),
        (lambda e: e.flag("Number"), "Here.Number: expected true or false, got a text ('29000') (SAL016)"),
        (lambda e: e.items("Text"), "Here.Text: expected a list, got a text ('a') (SAL016)"),
        (lambda e: e.texts("List"), "Here.List.1: expected a text, got a number (5) (SAL016)"),
        (lambda e: e.mapping("List"), "Here.List: expected a mapping, got a list (SAL016)"),
        (
            lambda e: e.text("Open"),
            "Here.Open is not known before deployment: parameter Mode has no value: give it a Default or pass"
            " --parameter Mode=… (SAL006)",
        ),
    ],
)
def test_another_shape_is_one_sentence_with_its_path(resource: TemplateResource, read: Any, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(Expected(resource, known))
    assert str(refused.value) == sentence


def test_a_reference_that_nothing_stands_for_is_named(resource: TemplateResource) -> None:
    with pytest.raises(Refusal, match=r"Here.Arn is not known before deployment: it refers to arn:\$\{AWS::Region\}"):
        Expected(resource).text("Arn")


def test_a_mistake_of_ours_is_no_mistake_of_the_user(
    resource: TemplateResource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def misspelt(self: object, *path: object) -> object:
        return self.proprety(*path)  # type: ignore[attr-defined]

    monkeypatch.setattr(TemplateResource, "get", misspelt)
    with pytest.raises(AttributeError, match="proprety"):
        Expected(resource).text("Text")
