"""A streaming agent behind API Gateway, Cognito and AgentCore: the whole app."""

from aws_cdk import App, Stack
from aws_cdk.aws_cognito import AuthFlow

from streaming_agent_construct import AgentAuth, AgentSource, BedrockModel, RuntimeOptions, StreamingAgentApi

# The profile of the geography that the stack's Region is in: us., eu., apac. and others.
MODEL = BedrockModel.inference_profile("us.amazon.nova-lite-v1:0")

app = App()
stack = Stack(app, "HelloAgent")
StreamingAgentApi(
    stack,
    "Agent",
    agent=AgentSource.from_directory("agent"),
    # A password over TLS, so that one command of the AWS CLI signs in; without this line it is SRP, and operators.
    auth=AgentAuth.cognito(auth_flows=AuthFlow(user_password=True, user_srp=True, admin_user_password=True)),
    model=MODEL,
    runtime=RuntimeOptions(environment_variables={"AWS_REGION": stack.region}),
)
app.synth()
