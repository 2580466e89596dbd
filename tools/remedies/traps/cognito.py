"""Traps of Cognito's user pools and clients, and of the CDK's defaults for them."""

from ..pages import CDK
from ..pages import COGNITO as DOCS
from ..remedy import Remedy

SRC = "src/streaming_agent_construct"
TESTS = "tests/constructs/test_cognito_pool.py"

COGNITO = (
    Remedy(
        trap="a client without o_auth gets the implicit flow and the callback https://example.com",
        page=f"{CDK}/aws_cdk.aws_cognito/UserPoolClient.html",
        file=f"{SRC}/cognito_pool.py",
        remedy="        disable_o_auth=not browser,\n",
        removed="",
        tests=(f"{TESTS}::test_no_oauth_flow_is_open_and_nothing_returns_to_example_com",),
    ),
    Remedy(
        trap="the implicit flow shows tokens in the address of a page",
        page=f"{DOCS}/federation-endpoint-oauth-grants.html",
        file=f"{SRC}/cognito_pool.py",
        remedy="implicit_code_grant=False",
        removed="implicit_code_grant=True",
        tests=(f"{TESTS}::test_browsers_sign_in_by_the_code_flow_alone",),
    ),
    Remedy(
        trap="in a pool that anybody may sign up to, everybody is a user of the agent",
        page=f"{DOCS}/signing-up-users-in-your-app.html",
        file=f"{SRC}/cognito_pool.py",
        remedy="self_sign_up_enabled=False",
        removed="self_sign_up_enabled=True",
        tests=(f"{TESTS}::test_nobody_signs_themselves_up",),
    ),
    Remedy(
        trap="a pool that goes with the stack takes its users along",
        page="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html",
        file=f"{SRC}/cognito_pool.py",
        remedy="        removal_policy=RemovalPolicy.RETAIN,\n",
        removed="        removal_policy=RemovalPolicy.DESTROY,\n",
        tests=(f"{TESTS}::test_the_users_outlive_the_stack",),
    ),
    Remedy(
        trap="managed login answers 404 to a client that has no style",
        page=f"{DOCS}/managed-login-branding.html",
        file=f"{SRC}/cognito_pool.py",
        remedy="        use_cognito_provided_values=True,\n",
        removed="",
        tests=(f"{TESTS}::test_browsers_sign_in_by_the_code_flow_alone",),
    ),
    Remedy(
        trap="a domain prefix that another account has fails the deployment",
        page=f"{DOCS}/cognito-user-pools-assign-domain-prefix.html",
        file=f"{SRC}/cognito_pool.py",
        remedy="""f"agents-{Fn.select(2, Fn.split('/', Aws.STACK_ID))}\"""",
        removed='"agents"',
        tests=(f"{TESTS}::test_managed_login_has_a_domain_without_being_asked",),
        says="string indices must be integers",
    ),
    Remedy(
        trap="threat protection is part of the Plus plan alone: another plan fails the deployment",
        page=f"{DOCS}/cognito-sign-in-feature-plans.html",
        file=f"{SRC}/cognito_pool.py",
        remedy="feature_plan=cognito.FeaturePlan.PLUS if protected else cognito.FeaturePlan.ESSENTIALS",
        removed="feature_plan=cognito.FeaturePlan.ESSENTIALS",
        tests=(f"{TESTS}::test_threat_protection_brings_its_plan",),
    ),
    Remedy(
        trap="without managed login an access token carries aws.cognito.signin.user.admin and nothing else",
        page=f"{DOCS}/amazon-cognito-user-pools-using-the-access-token.html",
        file=f"{SRC}/cognito_pool.py",
        remedy="            if scope != ADMIN_SCOPE:\n",
        removed="            if False:\n",
        tests=(f"{TESTS}::test_settings_that_cognito_would_refuse",),
    ),
)
