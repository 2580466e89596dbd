"""The stack of the three-line app, written by hand with the CDK's own constructs: what the benchmarks compare with.

The same resources with the same properties, without what security checkers are told in their metadata; `synth_cost.py`
compares the two templates.
"""

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from by_hand.firewall import new_firewall
from by_hand.front import new_api, new_runtime, new_users, put_agent_behind
from by_hand.observation import observe
from by_hand.set_up import AccountSetUp


def build(stack: Stack, agent: str) -> None:
    scope = Construct(stack, "Agent")
    pool, client = new_users(scope)
    set_up = AccountSetUp(scope)
    runtime = new_runtime(scope, stack, agent, pool, client)
    set_up.keep_log_of(runtime)
    api, access_log = new_api(scope, set_up.account_role)
    put_agent_behind(scope, api, pool, runtime)
    web_acl_metric = new_firewall(scope, api.deployment_stage)
    observe(scope, api, runtime, access_log, web_acl_metric)
    CfnOutput(scope, "InvocationsUrl", value=api.url_for_path("/invocations"))
    CfnOutput(scope, "UserPoolId", value=pool.user_pool_id)
    CfnOutput(scope, "UserPoolClientId", value=client.user_pool_client_id)
