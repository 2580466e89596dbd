"""The stacks of the lines, one for each step: `build(stack, "D6", "oidc")` fills a stack."""
# The CDK's classes name some parameters otherwise than their interfaces (aws-cdk#31454).
# pyright: reportArgumentType=false

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from aws_cdk import (
    Acknowledgment,
    App,
    CfnResource,
    DefaultStackSynthesizer,
    Duration,
    RemovalPolicy,
    Stack,
    Validations,
)
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    ApiEndpoint,
    ApiKeys,
    Firewall,
    Observability,
    Protection,
    RuntimeOptions,
    SessionBinding,
    StreamingAgentApi,
)

from .lines import Line, chosen

AGENT = Path(__file__).parent / "agent"
QUALIFIER = "sainteg"
AUTHORIZER = """
def handler(event, context):
    arn = event["methodArn"]
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": arn}
    context = {"session": "00000000-0000-0000-0000-000000000000", "token": ""}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": "integ", "policyDocument": policy, "context": context}
"""


def new_stack(app: App, line: Line) -> Stack:
    """The empty stack of a line."""
    synthesizer = DefaultStackSynthesizer(qualifier=QUALIFIER) if line.id == "D12" else None
    return Stack(app, line.stack, synthesizer=synthesizer)


def build(stack: Stack, line: str, step: str) -> None:
    """Fills the stack with what one step of a line deploys."""
    if line == "D6":
        _chain(stack, step)
    elif line == "D5":
        topic = sns.Topic(stack, "OnCall", enforce_ssl=True)
        _acknowledge(topic, ["Serverless::Serverless-SNSRedrivePolicy"], ["CKV_AWS_26"])
        _api(stack, observability=Observability(critical_topic=topic, warning_topic=topic))
    elif line == "D7":
        late = step == "fails-late"
        # The alarm is made after the runtime, and no such topic's account is this one.
        no_such = f"arn:aws:sns:{stack.region}:000000000000"
        nobody = sns.Topic.from_topic_arn(stack, "NoSuchTopic", f"{no_such}:there-is-none") if late else None
        options = RuntimeOptions(description="late" if late else "first")
        _api(stack, observability=Observability(critical_topic=nobody), runtime=options)
    elif line == "D11":
        pool = _pool(stack, "Pool")
        client = pool.add_client("Client", disable_o_auth=True, auth_flows=cognito.AuthFlow(user_srp=True))
        auth = AgentAuth.user_pool(pool, [client])
        _api(stack, "Regional", auth=auth)
        _api(stack, "Edge", auth=auth, endpoint=ApiEndpoint.edge_optimized())
    elif line == "D13":
        _api(stack, auth=_iam(stack), session=SessionBinding.PER_REQUEST)
    else:
        api = _api(stack)
        if line == "D12":
            # The CDK tells a qualifier that is given to a synthesizer only when it has been bound.
            bucket = f"cdk-{QUALIFIER}-assets-<AWS::AccountId>-<AWS::Region>"
            found = f"AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::{bucket}/*]"
            _acknowledge(api, [found], [])


def _api(stack: Stack, id: str = "Agent", **settings: Any) -> StreamingAgentApi:
    return StreamingAgentApi(stack, id, agent=_agent(), timeout=Duration.minutes(15), **settings)


def _agent() -> AgentSource:
    return AgentSource.from_directory(str(AGENT))


def _chain(stack: Stack, step: str) -> None:
    (line,) = chosen(["D6"])
    steps = [one.name for one in line.steps]
    at = steps.index(step)
    versions = {"version-1": "1", "version-2": "2", "version-1-again": "1", "version-9": "9"}
    renamed = at >= steps.index("runtime-renamed")
    options = RuntimeOptions(
        live_version=versions.get(step),
        description=f"step {at}" if step in ("code", "version-2") else "the chain of updates",
        runtime_name="integ_renamed" if renamed else "integ_chain",
    )
    firewall = Firewall.managed()
    if at >= steps.index("firewall-disabled"):
        firewall = Firewall.disabled()
    elif step == "firewall-existing":
        firewall = Firewall.existing(_web_acl(stack).attr_arn)
    keys = ApiKeys(clients=["integ"]) if at >= steps.index("keys") else None
    auth: AgentAuth | None = None
    session: SessionBinding | None = None
    if step == "oidc":
        auth = AgentAuth.oidc(discovery_url=_discovery(stack), audiences=["integ"])
    elif step == "lambda":
        auth = AgentAuth.lambda_authorizer(_authorizer(stack), discovery_url=_discovery(stack), audiences=["integ"])
        session = SessionBinding.PER_REQUEST
    elif step == "iam":
        auth, session = _iam(stack), SessionBinding.PER_REQUEST
    elif at >= steps.index("pool"):
        pool = _pool(stack, "OtherPool")
        auth = AgentAuth.user_pool(pool, [pool.add_client("Client", disable_o_auth=True)])
    api = _api(
        stack,
        auth=auth,
        session=session,
        runtime=options,
        protection=Protection(firewall=firewall, api_keys=keys),
    )
    if at >= steps.index("firewall-disabled"):
        _acknowledge(api, ["AwsSolutions::AwsSolutions-APIG3"], [])
    if step != "agent-removed":
        api.add_agent("writer", agent=_agent())


def _discovery(stack: Stack) -> str:
    pool = _pool(stack, "Provider")
    return f"https://cognito-idp.{stack.region}.amazonaws.com/{pool.user_pool_id}/.well-known/openid-configuration"


def _pool(stack: Stack, id: str) -> cognito.UserPool:
    pool = cognito.UserPool(
        stack,
        id,
        self_sign_up_enabled=False,
        removal_policy=RemovalPolicy.DESTROY,
        password_policy=cognito.PasswordPolicy(min_length=12),
    )
    _acknowledge(pool, [f"AwsSolutions::AwsSolutions-COG{number}" for number in (1, 2, 8)], [])
    return pool


def _iam(stack: Stack) -> AgentAuth:
    return AgentAuth.iam(discovery_url=_discovery(stack), audiences=["integ"], token_header="X-User-Token")


def _authorizer(stack: Stack) -> lambda_.Function:
    role = iam.Role(stack, "OwnAuthorizerRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    function = lambda_.Function(
        stack,
        "OwnAuthorizer",
        code=lambda_.Code.from_inline(AUTHORIZER),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
        role=role,
    )
    names = ("DefaultMemorySize", "DefaultTimeout", "DLQ", "LatestVersion", "Tracing")
    nag = ["AwsSolutions::AwsSolutions-L1", *[f"Serverless::Serverless-Lambda{name}" for name in names]]
    _acknowledge(function, nag, [f"CKV_AWS_{number}" for number in (115, 116, 117)], ["W3005"])
    return function


def _web_acl(stack: Stack) -> wafv2.CfnWebACL:
    visible = wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name="integ", sampled_requests_enabled=False
    )
    allow = wafv2.CfnWebACL.DefaultActionProperty(allow=wafv2.CfnWebACL.AllowActionProperty())
    acl = wafv2.CfnWebACL(stack, "OwnWebAcl", scope="REGIONAL", default_action=allow, visibility_config=visible)
    _acknowledge(acl, [], ["CKV_AWS_192"])
    return acl


def _acknowledge(construct: Construct, nag: list[str], checkov: list[str], cfn_lint: Sequence[str] = ()) -> None:
    reason = "lives for one run of integ/, in an account that holds nothing else"
    for id in nag:
        Validations.of(construct).acknowledge(Acknowledgment(id=id, reason=reason))
    resource = cast(CfnResource, construct.node.default_child or construct)
    if checkov:
        resource.add_metadata("checkov", {"skip": [{"id": id, "comment": reason} for id in checkov]})
    if cfn_lint:
        resource.add_metadata("cfn-lint", {"config": {"ignore_checks": list(cfn_lint)}})
