"""Values: each intrinsic function as far as it goes, and what a template does not say kept as what it is."""

from typing import Any

import pytest
from streaming_agent.template import Pseudo, Reference, TemplateSet, Unknown, View

BODY: dict[str, Any] = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "beta"},
        "Origins": {"Type": "CommaDelimitedList", "Default": "https://a, https://b"},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/chat/runtime"},
        "Written": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/chat/pool"},
        "Password": {"Type": "String"},
    },
    "Mappings": {"Hosts": {"us-east-1": {"name": "east"}}},
    "Conditions": {
        "IsBeta": {"Fn::Equals": [{"Ref": "Stage"}, "beta"]},
        "IsNotBeta": {"Fn::Not": [{"Condition": "IsBeta"}]},
        "Both": {"Fn::And": [{"Condition": "IsBeta"}, {"Condition": "IsNotBeta"}]},
        "Either": {"Fn::Or": [{"Condition": "IsBeta"}, {"Condition": "IsNotBeta"}]},
        "Self": {"Condition": "Self"},
    },
    "Resources": {
        "Pool": {"Type": "AWS::Cognito::UserPool"},
        "Agent": {"Type": "AWS::BedrockAgentCore::Runtime"},
        "Link": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Name": "/chat/pool", "Value": {"Ref": "Pool"}, "Type": "String"},
        },
        "Old": {"Type": "AWS::Cognito::UserPool", "Condition": "IsNotBeta"},
    },
}
PLACE = "AWS::Test::Place"


def evaluated(value: Any, **parameters: str) -> tuple[View, Any]:
    body = {**BODY, "Resources": {**BODY["Resources"], "Here": {"Type": PLACE, "Properties": {"Value": value}}}}
    view = TemplateSet.of({"Chat": body}, parameters).view()
    (here,) = view.resources(PLACE)
    return view, here.get("Value")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ({"Ref": "Stage"}, "beta"),
        ({"Ref": "Origins"}, ["https://a", "https://b"]),
        ({"Fn::Select": ["1", {"Ref": "Origins"}]}, "https://b"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Stage"}, 1, True]]}, "a-beta-1-true"),
        ({"Fn::Sub": "${Stage}/${ Stage }/${!literal}"}, "beta/beta/${literal}"),
        ({"Fn::Sub": ["${name}!", {"name": {"Ref": "Stage"}}]}, "beta!"),
        ({"Fn::Select": [1, {"Fn::Split": ["-", "a-b-c"]}]}, "b"),
        ({"Fn::FindInMap": ["Hosts", "us-east-1", "name"]}, "east"),
        ({"Fn::FindInMap": ["Hosts", "eu-west-1", "name", {"DefaultValue": "nowhere"}]}, "nowhere"),
        ({"Fn::If": ["IsBeta", "yes", "no"]}, "yes"),
        ({"Fn::If": ["Both", "yes", "no"]}, "no"),
        ({"Fn::If": ["Either", "yes", "no"]}, "yes"),
        ({"Fn::Base64": "agent"}, "YWdlbnQ="),
        ({"Fn::Length": [1, 2]}, 2),
        ({"Fn::ToJsonString": {"a": 1}}, '{"a": 1}'),
        ({"a": [{"Ref": "AWS::NoValue"}, 1], "b": {"Ref": "AWS::NoValue"}}, {"a": [1]}),
        ({"Ref": "AWS::NoValue"}, None),
        (
            {"Effect": "Allow", "Condition": {"Bool": {"a": "b"}}},
            {"Effect": "Allow", "Condition": {"Bool": {"a": "b"}}},
        ),
    ],
)
def test_what_a_template_says_is_known(value: Any, expected: Any) -> None:
    assert evaluated(value)[1] == expected


@pytest.mark.parametrize(
    ("value", "symbol"),
    [
        ({"Ref": "Pool"}, Reference("Chat", "Pool")),
        ({"Fn::GetAtt": ["Pool", "Arn"]}, Reference("Chat", "Pool", "Arn")),
        ({"Fn::GetAtt": "Pool.Arn"}, Reference("Chat", "Pool", "Arn")),
        ({"Fn::Sub": "${Pool.Arn}"}, Reference("Chat", "Pool", "Arn")),
        ({"Ref": "Written"}, Reference("Chat", "Pool")),
        ("{{resolve:ssm:/chat/pool}}", Reference("Chat", "Pool")),
        ({"Ref": "AWS::Region"}, Pseudo("AWS::Region")),
        ({"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::Sub": "a/${Pool}/b"}]}]}, Reference("Chat", "Pool")),
    ],
)
def test_a_resource_is_known_as_what_it_is(value: Any, symbol: Any) -> None:
    view, found = evaluated(value)

    assert view.symbols.only(found) == symbol
    assert view.symbols.unknown(found) is None


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"Ref": "Password"}, "parameter Password has no value: give it a Default"),
        ({"Ref": "Stored"}, "the SSM parameter /chat/runtime is read when the stack is deployed"),
        ({"Ref": "Nowhere"}, "Nowhere is not in the template"),
        ({"Fn::GetAtt": ["Nowhere", "Arn"]}, "Nowhere is not in the template"),
        ({"Fn::GetAtt": 5}, "Fn::GetAtt takes a logical id and an attribute"),
        ({"Fn::ImportValue": "people"}, "the stack that exports people is not among what was given"),
        ({"Fn::Cidr": ["10.0.0.0/16", 1, 8]}, "Fn::Cidr is evaluated by CloudFormation"),
        ({"Fn::Join": "x"}, "Fn::Join takes a delimiter and a list"),
        ({"Fn::Join": ["", 5]}, "Fn::Join takes a list"),
        ({"Fn::Sub": [1, 2, 3]}, "Fn::Sub takes a text"),
        ({"Fn::Select": [5, ["a"]]}, "Fn::Select asks for item 5 of 1"),
        ({"Fn::Select": [{"Ref": "Password"}, ["a"]]}, "the index of Fn::Select is not known"),
        ({"Fn::FindInMap": ["Hosts", {"Ref": "AWS::Region"}, "name"]}, "the mapping has no key ${AWS::Region}"),
        (
            {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}},
            "s3://b/k is included when",
        ),
        ("{{resolve:secretsmanager:key}}", "is read when the stack is deployed"),
        ({"Fn::If": [1, 2]}, "Fn::If takes a condition and two values"),
    ],
)
def test_what_a_template_does_not_say_is_not_known(value: Any, why: str) -> None:
    view, found = evaluated(value)
    unknown = view.symbols.unknown(found)

    assert isinstance(unknown, Unknown)
    assert why in unknown.why


def test_the_known_parts_of_a_join_count() -> None:
    view, found = evaluated({"Fn::Sub": "https://bedrock-agentcore.${AWS::Region}.${AWS::URLSuffix}/x/${Password}/y"})

    assert found.startswith("https://bedrock-agentcore.")
    assert found.endswith("/y")
    assert view.symbols.shown(found) == ("https://bedrock-agentcore.${AWS::Region}.${AWS::URLSuffix}/x/${Password}/y")


def test_a_split_and_joined_arn_is_another_text_than_the_arn() -> None:
    arn = {"Fn::GetAtt": ["Agent", "AgentRuntimeArn"]}
    view, encoded = evaluated({"Fn::Join": ["%3A", {"Fn::Split": [":", arn]}]})

    assert view.symbols.reference(encoded) is None
    assert view.symbols.references(encoded) == [Reference("Chat", "Agent", "AgentRuntimeArn")]
    assert view.symbols.replaced(encoded, lambda symbol: "arn:aws:x") == "arn%3Aaws%3Ax"


def test_a_value_that_is_given_goes_before_the_default() -> None:
    assert evaluated({"Ref": "Stage"}, Stage="live")[1] == "live"
    assert evaluated({"Fn::If": ["IsBeta", "yes", "no"]}, Stage="live")[1] == "no"


def test_a_resource_whose_condition_does_not_hold_is_not_there() -> None:
    view, _ = evaluated("x")
    assert [pool.logical_id for pool in view.resources("AWS::Cognito::UserPool")] == ["Pool"]


def test_parameters_whose_default_went_into_a_value_are_told() -> None:
    view, _ = evaluated({"Fn::Sub": "${Stage}-${Stored}"})
    (here,) = view.resources(PLACE)
    assert here.defaults_in("Value") == ("Stage",)


def test_an_output_that_refers_to_itself_is_not_known() -> None:
    loop = {"Value": {"Fn::ImportValue": "loop"}, "Export": {"Name": "loop"}}
    here = {"Type": PLACE, "Properties": {"Value": {"Fn::ImportValue": "loop"}}}
    view = TemplateSet.of({"Chat": {"Resources": {"Here": here}, "Outputs": {"Loop": loop}}}).view()
    (place,) = view.resources(PLACE)

    unknown = place.unknown("Value")
    assert unknown is not None
    assert "refers to itself" in unknown.why


def test_exports_join_stacks() -> None:
    exporting = {
        "Resources": {"Pool": {"Type": "AWS::Cognito::UserPool"}},
        "Outputs": {"P": {"Value": {"Fn::GetAtt": ["Pool", "Arn"]}, "Export": {"Name": "people"}}},
    }
    for reference in (
        {"Fn::ImportValue": "people"},
        {"Fn::GetStackOutput": {"StackName": "People", "OutputName": "P"}},
    ):
        importing = {"Resources": {"Here": {"Type": PLACE, "Properties": {"Value": reference}}}}
        view = TemplateSet.of({"Chat": importing, "People": exporting}).view()
        (here,) = view.resources(PLACE)
        pool = view.resource(here.get("Value"))

        assert pool is not None
        assert (pool.stack.name, pool.logical_id) == ("People", "Pool")


def values_in_each_set(body: dict[str, Any]) -> list[Any]:
    templates = TemplateSet.of({"Chat": body})
    found = []
    for assumptions in templates.assumption_sets():
        (here,) = templates.view(assumptions).resources(PLACE)
        found.append(here.get("Value"))
    return found


def test_each_branch_of_an_open_condition_is_a_set_of_assumptions() -> None:
    body = {
        "Parameters": {"Kind": {"Type": "String"}},
        "Conditions": {
            "A": {"Fn::Equals": [{"Ref": "Kind"}, "a"]},
            "B": {"Fn::Equals": ["b", {"Ref": "Kind"}]},
        },
        "Resources": {"Here": {"Type": PLACE, "Properties": {"Value": {"Fn::If": ["A", 1, {"Fn::If": ["B", 2, 3]}]}}}},
    }
    assert sorted(values_in_each_set(body)) == [1, 2, 3]


def test_allowed_values_are_assumptions_and_a_default_is_one() -> None:
    body = {
        "Parameters": {"Kind": {"Type": "String", "AllowedValues": ["EDGE", "REGIONAL"]}},
        "Resources": {"Here": {"Type": PLACE, "Properties": {"Value": {"Ref": "Kind"}}}},
    }
    assert sorted(values_in_each_set(body)) == ["EDGE", "REGIONAL"]

    body["Parameters"]["Kind"]["Default"] = "EDGE"  # type: ignore[index]
    assert values_in_each_set(body) == ["EDGE"]


def test_many_conditions_are_not_combined_without_bound() -> None:
    body = {
        "Conditions": {f"C{n}": {"Fn::Equals": [{"Fn::ImportValue": f"x{n}"}, "y"]} for n in range(40)},
        "Resources": {
            "Here": {"Type": PLACE, "Properties": {"Value": [{"Fn::If": [f"C{n}", 1, 0]} for n in range(40)]}}
        },
    }
    found = values_in_each_set(body)
    assert len(found) <= 33
    assert [0] * 40 in found


def test_a_condition_that_names_itself_is_left_open() -> None:
    assert sorted(map(str, values_of_self())) == ["no", "yes"]


def values_of_self() -> list[Any]:
    body = {
        "Conditions": {"Self": {"Fn::Not": [{"Condition": "Self"}]}},
        "Resources": {"Here": {"Type": PLACE, "Properties": {"Value": {"Fn::If": ["Missing", "yes", "no"]}}}},
    }
    return values_in_each_set(body)
