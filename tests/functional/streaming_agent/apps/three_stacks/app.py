"""Three stacks: who may call, where the agent runs, and the API before it."""

import aws_cdk as cdk
from stacks.agent_stack import AgentStack
from stacks.api_stack import ApiStack
from stacks.auth_stack import AuthStack

app = cdk.App()
env = cdk.Environment(region=app.node.try_get_context("region"))

auth = AuthStack(app, "TravelAuth", prefix="travel", env=env)
agent = AgentStack(app, "TravelAgent", prefix="travel", pool=auth.pool, client=auth.client, env=env)
api = ApiStack(app, "TravelApi", pool=auth.pool, agent_url=agent.url, env=env)
agent.add_dependency(auth)
api.add_dependency(agent)

app.synth()
