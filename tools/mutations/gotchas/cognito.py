"""Gotchas of Cognito's user pools and clients, and of the CDK's defaults for them."""

from ..mutation import Mutation
from ..pages import CDK
from ..pages import COGNITO as DOCS

CONSTRUCT = "src/streaming_agent_construct"
TESTS = "tests/unit/streaming_agent_construct/auth/test_cognito_pool.py"

COGNITO = (
    Mutation(
        gotcha="a client without o_auth gets the implicit flow and the callback https://example.com",
        page=f"{CDK}/aws_cdk.aws_cognito/UserPoolClient.html",
        file=f"{CONSTRUCT}/auth/cognito_pool.py",
        code="        disable_o_auth=browser is None,\n",
        mutated="",
        tests=(f"{TESTS}::test_no_oauth_flow_is_open_and_nothing_returns_to_example_com",),
    ),
    Mutation(
        gotcha="the implicit flow shows tokens in the address of a page",
        page=f"{DOCS}/federation-endpoint-oauth-grants.html",
        file=f"{CONSTRUCT}/auth/cognito_pool.py",
        code="implicit_code_grant=False",
        mutated="implicit_code_grant=True",
        tests=(f"{TESTS}::test_browsers_sign_in_by_the_code_flow_alone",),
    ),
    Mutation(
        gotcha="in a pool that anybody may sign up to, everybody is a user of the agent",
        page=f"{DOCS}/signing-up-users-in-your-app.html",
        file=f"{CONSTRUCT}/auth/cognito_pool.py",
        code="self_sign_up_enabled=False",
        mutated="self_sign_up_enabled=True",
        tests=(f"{TESTS}::test_nobody_signs_themselves_up",),
    ),
    Mutation(
        gotcha="a pool that goes with the stack takes its users along",
        page="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html",
        file=f"{CONSTRUCT}/auth/cognito_pool.py",
        code="        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,\n",
        mutated="        removal_policy=RemovalPolicy.DESTROY,\n",
        tests=(f"{TESTS}::test_the_users_outlive_the_stack",),
    ),
    Mutation(
        gotcha="managed login answers 404 to a client that has no style",
        page=f"{DOCS}/managed-login-branding.html",
        file=f"{CONSTRUCT}/auth/cognito_pool.py",
        code="        use_cognito_provided_values=True,\n",
        mutated="",
        tests=(f"{TESTS}::test_browsers_sign_in_by_the_code_flow_alone",),
    ),
    Mutation(
        gotcha="a domain prefix that another account has fails the deployment",
        page=f"{DOCS}/cognito-user-pools-assign-domain-prefix.html",
        file=f"{CONSTRUCT}/auth/cognito_settings.py",
        code='f"agents-{stack_uuid()}"',
        mutated='"agents"',
        tests=(f"{TESTS}::test_managed_login_has_a_domain_without_being_asked",),
        says="string indices must be integers",
    ),
    Mutation(
        gotcha="threat protection is part of the Plus plan alone: another plan fails the deployment",
        page=f"{DOCS}/cognito-sign-in-feature-plans.html",
        file=f"{CONSTRUCT}/auth/cognito_pool.py",
        code="feature_plan=cognito.FeaturePlan.PLUS if protected else cognito.FeaturePlan.ESSENTIALS",
        mutated="feature_plan=cognito.FeaturePlan.ESSENTIALS",
        tests=(f"{TESTS}::test_threat_protection_brings_its_plan",),
    ),
    Mutation(
        gotcha="without managed login an access token carries aws.cognito.signin.user.admin and nothing else",
        page=f"{DOCS}/amazon-cognito-user-pools-using-the-access-token.html",
        file=f"{CONSTRUCT}/auth/cognito_settings.py",
        code="            if scope != ADMIN_SCOPE:\n",
        mutated="            if False:\n",
        tests=(f"{TESTS}::test_settings_that_cognito_would_refuse_are_refused",),
    ),
)
