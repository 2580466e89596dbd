"""A streaming agent behind API Gateway, Cognito and AgentCore: the whole app."""

from aws_cdk import App, Stack
from aws_cdk.aws_cognito import AuthFlow

from streaming_agent_construct import AgentAuth, AgentSource, RuntimeOptions, StreamingAgentApi

MODEL = "amazon.nova-lite-v1:0"

app = App()
stack = Stack(app, "HelloAgent")
api = StreamingAgentApi(
    stack,
    "Agent",
    agent=AgentSource.from_directory("agent"),
    # A password over TLS, so that one command of the AWS CLI signs in; without this line it is SRP, and operators.
    auth=AgentAuth.cognito(auth_flows=AuthFlow(user_password=True, user_srp=True, admin_user_password=True)),
    runtime=RuntimeOptions(environment_variables={"AGENT_MODEL": f"bedrock:{MODEL}", "AWS_REGION": stack.region}),
)
api.grant_invoke_model(
    model_arns=[stack.format_arn(service="bedrock", account="", resource="foundation-model", resource_name=MODEL)]
)
app.synth()
