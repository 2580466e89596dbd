"""What security checkers find in this network, and why it is so.

cdk-nag reads the acknowledgments, checkov and cfn-lint the template's metadata.
"""

from collections.abc import Mapping
from typing import cast

from aws_cdk import Acknowledgment, CfnResource, Stack, Validations
from constructs import IConstruct

UNREADABLE = "the balancer carries TLS that it cannot read, from the gateway's VPC link alone"
CDKS_OWN = "the CDK's own function, which runs while the stack is deployed and of which CloudFormation hears the end"


def answer_vpc_findings(vpc: IConstruct) -> None:
    """Answers what is found of the VPC, its endpoints and its flow log."""
    _answer(
        vpc,
        {
            "AwsSolutions::AwsSolutions-EC23": "the endpoints' security groups admit the VPC's own range, "
            "a reference that cdk-nag cannot read"
        },
    )
    for found in _of_type(vpc, "AWS::Logs::LogGroup"):
        _answer(found, checkov={"CKV_AWS_158": "the flow log holds addresses and ports, encrypted by CloudWatch"})


def answer_path_findings(path: IConstruct) -> None:
    """Answers what is found of the balancer, and of the function that looks up where it leads."""
    _answer(path, {"AwsSolutions::AwsSolutions-ELB2": UNREADABLE})
    for found in _of_type(path, "AWS::ElasticLoadBalancingV2::LoadBalancer"):
        _answer(found, checkov={"CKV_AWS_91": UNREADABLE})
    _answer(
        path,
        {
            "AwsSolutions::AwsSolutions-IAM5[Resource::*]": "describing network interfaces cannot be limited to some "
            "of them (EC2's service authorization reference)"
        },
    )
    for function in _of_type(Stack.of(path), "AWS::Lambda::Function"):
        _answer(
            cast(IConstruct, function.node.scope),
            {
                "AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
                "AWSLambdaBasicExecutionRole]": CDKS_OWN,
                "Serverless::Serverless-LambdaDLQ": CDKS_OWN,
                "Serverless::Serverless-LambdaDefaultMemorySize": CDKS_OWN,
                "Serverless::Serverless-LambdaTracing": CDKS_OWN,
            },
        )
        _answer(
            function,
            checkov=dict.fromkeys(("CKV_AWS_115", "CKV_AWS_116", "CKV_AWS_117"), CDKS_OWN),
        )
        # The CDK's function depends on its role beside the reference to it, which says the same.
        function.add_metadata("cfn-lint", {"config": {"ignore_checks": ["W3005"]}})


def _of_type(scope: IConstruct, kind: str) -> list[CfnResource]:
    resources = [cast(CfnResource, found) for found in scope.node.find_all() if CfnResource.is_cfn_resource(found)]
    return [resource for resource in resources if resource.cfn_resource_type == kind]


def _answer(
    found: IConstruct, reasons: Mapping[str, str] | None = None, *, checkov: Mapping[str, str] | None = None
) -> None:
    for name, reason in (reasons or {}).items():
        Validations.of(found).acknowledge(Acknowledgment(id=name, reason=reason))
    if checkov:
        skipped = [{"id": name, "comment": reason} for name, reason in checkov.items()]
        cast(CfnResource, found).add_metadata("checkov", {"skip": skipped})
