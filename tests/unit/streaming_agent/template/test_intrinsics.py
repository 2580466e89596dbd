"""Intrinsic functions: each resolved as CloudFormation documents it, and the unknown refused by name and place."""

from typing import Any

import pytest
from streaming_agent.template import Place, Refusal, Resolver, Resource, ResourceValues, Template

BODY: dict[str, Any] = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "beta"},
        "Version": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/version"},
        "Password": {"Type": "String"},
    },
    "Mappings": {"Hosts": {"us-east-1": {"name": "east"}}},
    "Conditions": {
        "IsBeta": {"Fn::Equals": [{"Ref": "Stage"}, "beta"]},
        "IsNotBeta": {"Fn::Not": [{"Condition": "IsBeta"}]},
        "Both": {"Fn::And": [{"Condition": "IsBeta"}, {"Condition": "IsNotBeta"}]},
        "Either": {"Fn::Or": [{"Condition": "IsBeta"}, {"Condition": "IsNotBeta"}]},
    },
    "Resources": {
        "Pool": {"Type": "Test::Pool", "Properties": {"Name": {"Fn::Sub": "pool-${Stage}"}}},
        "Table": {"Type": "Test::Table"},
        "Loop": {"Type": "Test::Loop", "Properties": {"Name": {"Ref": "Loop"}}},
        "Old": {"Type": "Test::Pool", "Condition": "IsNotBeta"},
    },
}
HERE = Place("Api", "Uri")


def values(resource: Resource, resolver: Resolver) -> ResourceValues | None:
    if resource.type == "Test::Table":
        return None
    name = str(resolver.property(resource, "Name"))
    return ResourceValues(name, {"Arn": f"arn:{name}"})


@pytest.fixture
def resolver() -> Resolver:
    return Resolver(Template(BODY), {"AWS::Region": "us-east-1"}, values)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "Stage"}, "beta"),
        ({"Ref": "Pool"}, "pool-beta"),
        ({"Fn::GetAtt": ["Pool", "Arn"]}, "arn:pool-beta"),
        ({"Fn::GetAtt": "Pool.Arn"}, "arn:pool-beta"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Pool"}, 1]]}, "a-pool-beta-1"),
        ({"Fn::Sub": "${AWS::Region}/${Pool}/${Pool.Arn}/${!literal}"}, "us-east-1/pool-beta/arn:pool-beta/${literal}"),
        ({"Fn::Sub": ["${name}!", {"name": {"Ref": "Pool"}}]}, "pool-beta!"),
        ({"Fn::Select": ["1", {"Fn::Split": ["-", {"Ref": "Pool"}]}]}, "beta"),
        ({"Fn::FindInMap": ["Hosts", {"Ref": "AWS::Region"}, "name"]}, "east"),
        ({"Fn::FindInMap": ["Hosts", "eu-west-1", "name", {"DefaultValue": "nowhere"}]}, "nowhere"),
        ({"Fn::If": ["IsBeta", "yes", {"Ref": "Table"}]}, "yes"),
        ({"Fn::If": ["Both", "yes", "no"]}, "no"),
        ({"Fn::If": ["Either", "yes", "no"]}, "yes"),
        ({"Fn::Base64": "agent"}, "YWdlbnQ="),
        ({"a": [{"Ref": "AWS::NoValue"}, 1], "b": {"Ref": "AWS::NoValue"}}, {"a": [1]}),
    ],
)
def test_a_value_resolves(resolver: Resolver, value: object, expected: object) -> None:
    assert resolver.resolve(value, HERE) == expected


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (
            {"Ref": "Table"},
            "Api.Uri must be a value that is known locally, got a reference to Table (Test::Table) (SAL006)",
        ),
        (
            {"Fn::GetAtt": ["Pool", "Color"]},
            "Api.Uri must be a value that is known locally, got a reference to Pool.Color (Test::Pool) (SAL006)",
        ),
        ({"Ref": "Missing"}, "Api.Uri must refer to something in the template, got Missing (SAL006)"),
        ({"Ref": "Loop"}, "Loop.Name must not refer to itself, got Loop -> Loop (SAL006)"),
        (
            {"Fn::Cidr": ["10.0.0.0/16", 1, 8]},
            "Api.Uri must be a value known before deployment, got Fn::Cidr: write it out (SAL006)",
        ),
        (
            "{{resolve:ssm:/name}}",
            "Api.Uri must be a value known before deployment, got {{resolve:ssm:/name}}: write it out (SAL006)",
        ),
        ({"Fn::Select": [5, ["a"]]}, "Api.Uri must select one of 1 items, got index 5 (SAL006)"),
        ({"Fn::If": ["IsGamma", 1, 2]}, "Api.Uri must name a condition of the template, got IsGamma (SAL006)"),
        (
            {"Fn::FindInMap": ["Hosts", "eu-west-1", "name"]},
            "Api.Uri must find a value in mapping Hosts, got keys eu-west-1 and name (SAL006)",
        ),
        (
            {"Ref": "Password"},
            "Api.Uri must not depend on parameter Password, which has no value: give it a Default (SAL007)",
        ),
        (
            {"Ref": "Version"},
            "Api.Uri must not depend on parameter Version, which has no value: give it a Default (SAL007)",
        ),
        (
            {"Fn::ImportValue": "Shared-Pool"},
            "Api.Uri must not import another stack's output, got Fn::ImportValue: put the API, its user pool and its"
            " runtime in one stack to run it locally (SAL008)",
        ),
    ],
)
def test_what_cannot_be_known_is_refused_where_it_stands(resolver: Resolver, value: object, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        resolver.resolve(value, HERE)
    assert str(refused.value) == sentence


def test_only_what_is_asked_for_is_resolved(resolver: Resolver) -> None:
    resource = Resource("Api", "Test::Api", {"Known": {"Ref": "Pool"}, "Unknown": {"Ref": "Table"}})

    assert resolver.property(resource, "Known") == "pool-beta"


def test_a_nested_property_is_found_through_a_condition(resolver: Resolver) -> None:
    resource = Resource("Api", "Test::Api", {"Integration": {"Fn::If": ["IsBeta", {"Mode": "STREAM"}, {}]}})

    assert resolver.property(resource, "Integration.Mode") == "STREAM"
    assert resolver.property(resource, "Integration.Timeout", 29) == 29


def test_a_resource_whose_condition_fails_does_not_exist(resolver: Resolver) -> None:
    resources = resolver.template.resources

    assert [name for name in ("Pool", "Old") if resolver.exists(resources[name])] == ["Pool"]


@pytest.mark.parametrize(
    "value",
    [
        "'{{resolve:secretsmanager:pool-beta:SecretString:::}}'",
        {"Fn::Sub": "'{{resolve:secretsmanager:${Pool}:SecretString:::}}'"},
        {"Fn::Join": ["", ["'{{resolve:secretsmanager:", {"Ref": "Pool"}, ":SecretString:::}}'"]]},
    ],
)
def test_a_dynamic_reference_stands_for_what_is_known_of_it(value: Any) -> None:
    known = {"secretsmanager:pool-beta:SecretString:::": "a secret"}
    resolver = Resolver(Template(BODY), {}, values, lambda reference, _: known.get(reference))

    assert resolver.resolve(value, HERE) == "'a secret'"
