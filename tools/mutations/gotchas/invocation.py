"""Gotchas of the call from the gateway to the runtime: the address, and what the client may not choose."""

from ..mutation import Mutation
from ..pages import AGENTCORE, APIGW, INVOKE_AGENT_RUNTIME

CONSTRUCT = "src/streaming_agent_construct"
TESTS = "tests/unit/streaming_agent_construct"
INVOCATION_TESTS = f"{TESTS}/api/test_invocation.py"

INVOCATION = (
    Mutation(
        gotcha="a runtime's ARN in the address must be encoded, which a template cannot do: 404",
        page=INVOKE_AGENT_RUNTIME,
        file=f"{CONSTRUCT}/api/invocation.py",
        code="/runtimes/{runtime.runtime.agent_runtime_id}/",
        mutated="/runtimes/{runtime.runtime.agent_runtime_arn}/",
        tests=(f"{INVOCATION_TESTS}::test_the_address_is_the_runtime_by_id_in_any_partition",),
    ),
    Mutation(
        gotcha="an address in amazonaws.com is wrong in other partitions",
        page="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html",
        file=f"{CONSTRUCT}/api/invocation.py",
        code="bedrock-agentcore.{runtime.region}.{values.url_suffix}",
        mutated="bedrock-agentcore.{runtime.region}.amazonaws.com",
        tests=(f"{INVOCATION_TESTS}::test_the_address_is_the_runtime_by_id_in_any_partition",),
    ),
    Mutation(
        gotcha="the ID form of the address needs accountId: 400 without it",
        page=INVOKE_AGENT_RUNTIME,
        file=f"{CONSTRUCT}/api/invocation.py",
        code='        "integration.request.querystring.accountId": f"\'{runtime.account}\'",\n',
        mutated="",
        tests=(f"{INVOCATION_TESTS}::test_the_id_form_of_the_address_carries_the_account",),
    ),
    Mutation(
        gotcha="a runtime of another account or region is called at the stack's own",
        page=INVOKE_AGENT_RUNTIME,
        file=f"{CONSTRUCT}/runtime/existing_runtime.py",
        code="        account=parts.account if parts.account is not None else values.account,\n",
        mutated="        account=values.account,\n",
        tests=(f"{TESTS}/runtime/test_agent_source.py::test_an_existing_runtime_is_called_where_it_is",),
    ),
    Mutation(
        gotcha="a qualifier that the gateway does not set is the client's to choose",
        page=f"{AGENTCORE}/agent-runtime-versioning.html",
        file=f"{CONSTRUCT}/api/invocation.py",
        code="""        "integration.request.querystring.qualifier": f"'{qualifier}'",\n""",
        mutated="",
        tests=(
            f"{INVOCATION_TESTS}::test_the_qualifier_is_the_apis_to_choose",
            f"{INVOCATION_TESTS}::test_without_a_qualifier_the_latest_version_answers",
        ),
    ),
    Mutation(
        gotcha="AgentCore takes a client's user id on trust",
        page=f"{AGENTCORE}/runtime-security-best-practices.html",
        file=f"{CONSTRUCT}/api/invocation.py",
        code='        f"integration.request.header.{_USER_HEADER}": auth.caller,\n',
        mutated="",
        tests=(
            f"{INVOCATION_TESTS}::test_a_client_cannot_choose_the_user_id",
            f"{TESTS}/auth/test_iam_auth.py::test_the_caller_cannot_name_another_user",
        ),
    ),
    Mutation(
        gotcha="AgentCore does not tie sessions to users: a client names its own, or another user's",
        page=f"{AGENTCORE}/runtime-security-best-practices.html",
        file=f"{CONSTRUCT}/api/invocation.py",
        code='        f"integration.request.header.{SESSION_HEADER}": _session_source(session, auth),\n',
        mutated="",
        tests=(
            f"{INVOCATION_TESTS}::test_the_session_is_the_signed_in_users",
            f"{INVOCATION_TESTS}::test_a_session_for_each_request",
        ),
    ),
    Mutation(
        gotcha="without the user's session id each call is a new microVM: the agent forgets everything",
        page=f"{AGENTCORE}/runtime-sessions.html",
        file=f"{CONSTRUCT}/api/invocation.py",
        code="        return auth.user_session\n",
        mutated='        return "context.requestId"\n',
        tests=(f"{INVOCATION_TESTS}::test_the_session_is_the_signed_in_users",),
    ),
    Mutation(
        gotcha="a session that the client names may be another user's, and nothing says so",
        page=f"{AGENTCORE}/runtime-security-best-practices.html",
        file=f"{CONSTRUCT}/api/invocation.py",
        code="    if session == SessionBinding.CLIENT:\n        Annotations",
        mutated="    if False:\n        Annotations",
        tests=(f"{INVOCATION_TESTS}::test_a_session_that_the_client_names_is_warned_about",),
    ),
    Mutation(
        gotcha="a mapped session header that the method does not declare fails the deployment",
        page="https://repost.aws/knowledge-center/api-gateway-proxy-path-parameter-error",
        file=f"{CONSTRUCT}/api/invocation.py",
        code='        parameters[f"method.request.header.{SESSION_HEADER}"] = False\n',
        mutated="        pass\n",
        tests=(
            f"{INVOCATION_TESTS}::test_a_session_that_the_client_names_is_declared_on_the_method",
            f"{INVOCATION_TESTS}::test_every_mapped_request_parameter_is_declared",
        ),
    ),
    Mutation(
        gotcha="a mapped Origin that the method does not declare fails the deployment",
        page="https://repost.aws/knowledge-center/api-gateway-proxy-path-parameter-error",
        file=f"{CONSTRUCT}/api/invocation.py",
        code="        parameters[_ORIGIN] = False\n",
        mutated="        pass\n",
        tests=(
            f"{TESTS}/api/test_cors.py::test_the_agent_is_told_the_callers_origin_under_a_name_that_agentcore_passes_on",
        ),
    ),
    Mutation(
        gotcha="a mapped token header that the method does not declare fails the deployment",
        page="https://repost.aws/knowledge-center/api-gateway-proxy-path-parameter-error",
        file=f"{CONSTRUCT}/api/invocation.py",
        code="        parameters[auth.token_source] = False\n",
        mutated="        pass\n",
        tests=(f"{TESTS}/auth/test_iam_auth.py::test_the_users_token_travels_in_a_declared_header_of_its_own",),
    ),
    Mutation(
        gotcha="AgentCore keeps Origin from the agent, which has to answer the browser with it",
        page=f"{AGENTCORE}/runtime-header-allowlist.html",
        file=f"{CONSTRUCT}/api/invocation.py",
        code='        parameters[f"integration.request.header.{ORIGIN_HEADER}"] = _ORIGIN\n',
        mutated="        pass\n",
        tests=(
            f"{TESTS}/api/test_cors.py::test_the_agent_is_told_the_callers_origin_under_a_name_that_agentcore_passes_on",
        ),
    ),
    Mutation(
        gotcha="with AWS_IAM the client's Authorization is not forwarded: the runtime gets no token",
        page=f"{APIGW}/api-gateway-known-issues.html",
        file=f"{CONSTRUCT}/api/invocation.py",
        code='        parameters["integration.request.header.Authorization"] = auth.token_source\n',
        mutated="        pass\n",
        tests=(
            f"{TESTS}/auth/test_iam_auth.py::test_the_users_token_travels_in_a_declared_header_of_its_own",
            f"{TESTS}/auth/test_lambda_authorizer.py::test_the_function_may_answer_with_the_runtimes_token",
        ),
    ),
    Mutation(
        gotcha="with AWS_IAM Authorization is the signature's: a token in it does not arrive",
        page=f"{APIGW}/api-gateway-known-issues.html",
        file=f"{CONSTRUCT}/auth/iam_auth.py",
        code=' or name == "authorization"',
        mutated="",
        tests=(f"{TESTS}/auth/test_iam_auth.py::test_the_token_header_is_none_of_the_signatures",),
    ),
    Mutation(
        gotcha="that AWS_IAM lets another header be mapped onto Authorization is documented nowhere",
        page=f"{APIGW}/api-gateway-known-issues.html",
        file=f"{CONSTRUCT}/auth/iam_auth.py",
        code="document that a method with AWS_IAM may: ",
        mutated="",
        tests=(f"{TESTS}/auth/test_iam_auth.py::test_what_aws_does_not_document_is_warned_about",),
    ),
)
