"""The stack of the three-line app, written by hand with the CDK's own constructs: what the benchmarks compare with.

The same resources with the same properties, without what security checkers are told in their metadata; `synth_cost.py`
compares the two templates.
"""

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from by_hand.api import new_api, put_agent_behind
from by_hand.firewall import new_firewall
from by_hand.observability import observe
from by_hand.region_setup import RegionSetup
from by_hand.runtime import new_runtime
from by_hand.users import new_users


def build(stack: Stack, agent: str) -> None:
    scope = Construct(stack, "Agent")
    pool, client = new_users(scope)
    setup = RegionSetup(scope)
    runtime = new_runtime(scope, stack, agent, pool, client)
    setup.keep_agent_log(runtime)
    api, access_log = new_api(scope, setup.account_role)
    put_agent_behind(scope, api, pool, runtime)
    web_acl_metric = new_firewall(scope, api.deployment_stage)
    observe(scope, api, runtime, access_log, web_acl_metric)
    CfnOutput(scope, "InvocationsUrl", value=api.url_for_path("/invocations"))
    CfnOutput(scope, "UserPoolId", value=pool.user_pool_id)
    CfnOutput(scope, "UserPoolClientId", value=client.user_pool_client_id)
