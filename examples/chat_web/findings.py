"""What security checkers find in a website that holds nothing but a public page, and why it is so.

cdk-nag reads the acknowledgments, checkov and cfn-lint the template's metadata.
"""

from collections.abc import Mapping
from typing import cast

from aws_cdk import Acknowledgment, CfnResource, Stack, Validations
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import IConstruct

PUBLIC_PAGE = "the page is the same for everybody and public; who asks the agent stands in the API's access log"
STATIC = "CloudFront serves files that change with a deployment alone; the API has a web ACL of its own"
NO_DOMAIN = "a version of TLS can be asked for with a certificate of one's own domain alone; set one and it is 1.2"
CDKS_OWN = "the CDK's own function, which runs while the stack is deployed and of which CloudFormation hears the end"
CDKS_GRANT = "the CDK grants its own function reading of the page's files and writing into the website's bucket"


def answer_website_findings(distribution: cloudfront.Distribution, bucket: s3.Bucket) -> None:
    """Answers what is found of the bucket and of what serves it."""
    _answer(
        distribution,
        {
            "AwsSolutions::AwsSolutions-CFR1": "callers may be anywhere; restrict countries if yours are not",
            "AwsSolutions::AwsSolutions-CFR2": STATIC,
            "AwsSolutions::AwsSolutions-CFR3": PUBLIC_PAGE,
            "AwsSolutions::AwsSolutions-CFR4": NO_DOMAIN,
        },
        checkov={"CKV_AWS_68": STATIC, "CKV_AWS_86": PUBLIC_PAGE, "CKV_AWS_174": NO_DOMAIN},
    )
    _answer(
        bucket,
        {"AwsSolutions::AwsSolutions-S1": PUBLIC_PAGE},
        checkov={"CKV_AWS_18": PUBLIC_PAGE, "CKV_AWS_21": "the files' versions are the repository's"},
    )


def answer_deployment_findings(files: deployment.BucketDeployment, bucket: s3.Bucket) -> None:
    """Answers what is found of the functions that the CDK brings along to fill and to empty the bucket."""
    stack = Stack.of(files)
    own = f"<{stack.get_logical_id(cast(CfnResource, bucket.node.default_child))}.Arn>/*"
    assets = (
        f"arn:<AWS::Partition>:s3:::cdk-{stack.synthesizer.bootstrap_qualifier}-assets-<AWS::AccountId>-<AWS::Region>/*"
    )
    wildcards = [f"Action::s3:{name}*" for name in ("Abort", "DeleteObject", "GetBucket", "GetObject", "List")]
    wildcards += [f"Resource::{name}" for name in ("*", own, assets)]
    _answer(
        files.handler_role,
        {
            "AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
            "AWSLambdaBasicExecutionRole]": CDKS_OWN,
        }
        | {f"AwsSolutions::AwsSolutions-IAM5[{wildcard}]": CDKS_GRANT for wildcard in wildcards},
    )
    _answer(files.handler_role.node.find_child("DefaultPolicy"), {}, checkov={"CKV_AWS_111": CDKS_GRANT})
    for found in stack.node.find_all():
        if CfnResource.is_cfn_resource(found) and cast(CfnResource, found).cfn_resource_type == "AWS::Lambda::Function":
            _answer(
                found,
                {
                    "AwsSolutions::AwsSolutions-L1": CDKS_OWN,
                    "Serverless::Serverless-LambdaDLQ": CDKS_OWN,
                    "Serverless::Serverless-LambdaLatestVersion": CDKS_OWN,
                    "Serverless::Serverless-LambdaTracing": CDKS_OWN,
                },
                checkov=dict.fromkeys(("CKV_AWS_115", "CKV_AWS_116", "CKV_AWS_117", "CKV_AWS_173"), CDKS_OWN),
            )
            # The CDK's function depends on its role beside the reference to it, which says the same.
            cast(CfnResource, found).add_metadata("cfn-lint", {"config": {"ignore_checks": ["W3005"]}})


def _answer(found: IConstruct, reasons: Mapping[str, str], *, checkov: Mapping[str, str] | None = None) -> None:
    for name, reason in reasons.items():
        Validations.of(found).acknowledge(Acknowledgment(id=name, reason=reason))
    if checkov:
        resource = found if CfnResource.is_cfn_resource(found) else found.node.default_child
        skipped = [{"id": name, "comment": reason} for name, reason in checkov.items()]
        cast(CfnResource, resource).add_metadata("checkov", {"skip": skipped})
