"""Gotchas of the AgentCore runtime: what it refuses, what its role may not, and who else can reach it."""

from ..mutation import Mutation
from ..pages import AGENTCORE, APIGW, CLOUDFORMATION

CONSTRUCT = "src/streaming_agent_construct"
TESTS = "tests/unit/streaming_agent_construct"
REFUSED = f"{TESTS}/runtime/test_runtime_options.py::test_options_that_agentcore_would_refuse"
RESOURCE = f"{CLOUDFORMATION}/aws-resource-bedrockagentcore-runtime.html"

RUNTIME = (
    Mutation(
        gotcha="a runtime's own address takes calls past the gateway: it must check the same token",
        page=f"{AGENTCORE}/inbound-jwt-authorizer.html",
        file=f"{CONSTRUCT}/runtime/agent_runtime.py",
        code="        authorizer_configuration=context.auth.runtime_authorizer,\n",
        mutated="",
        tests=(
            f"{TESTS}/auth/test_agent_auth.py::test_id_tokens_are_matched_by_audience_because_they_carry_no_client_id",
        ),
    ),
    Mutation(
        gotcha="an existing runtime without a JWT authorizer takes SigV4 alone and answers 401 to every token",
        page=f"{AGENTCORE}/runtime-oauth.html",
        file=f"{CONSTRUCT}/runtime/agent_runtime.py",
        code="    if resource is not None and typing.cast(",
        mutated="    if False and typing.cast(",
        tests=(f"{TESTS}/runtime/test_agent_source.py::test_an_existing_runtime_that_takes_iam_alone",),
    ),
    Mutation(
        gotcha="AgentCore refuses a name with a hyphen in the middle of a deployment",
        page=RESOURCE,
        file=f"{CONSTRUCT}/runtime/runtime_options.py",
        code="    if name is not None and not Token.is_unresolved(name) and",
        mutated="    if False and name is not None and",
        tests=(REFUSED,),
        says="RuntimeError",
    ),
    Mutation(
        gotcha="a runtime takes 50 environment variables at most",
        page=RESOURCE,
        file=f"{CONSTRUCT}/runtime/runtime_options.py",
        code="    if len(variables) > _MAX_ENVIRONMENT_VARIABLES:\n",
        mutated="    if False:\n",
        tests=(REFUSED,),
        says="RuntimeError",
    ),
    Mutation(
        gotcha="the variables that the construct adds count among the 50",
        page=RESOURCE,
        file=f"{CONSTRUCT}/runtime/agent_runtime.py",
        code="    check_environment(variables)\n",
        mutated="",
        tests=(f"{TESTS}/runtime/test_runtime_options.py::test_what_the_construct_adds_counts_among_the_variables",),
        says="RuntimeError",
    ),
    Mutation(
        gotcha="a session's idle time and lifetime are 60 seconds to 8 hours",
        page=f"{AGENTCORE}/runtime-lifecycle-settings.html",
        file=f"{CONSTRUCT}/runtime/runtime_options.py",
        code="    if given_ms < _MIN_LIFETIME_MS or given_ms > _MAX_LIFETIME_MS or not is_multiple_of(",
        mutated="    if False and is_multiple_of(",
        tests=(f"{TESTS}/runtime/test_runtime_options.py::test_a_session_that_agentcore_would_not_keep",),
        says="RuntimeError",
    ),
    Mutation(
        gotcha="at most 20 request headers reach an agent",
        page=f"{AGENTCORE}/runtime-header-allowlist.html",
        file=f"{CONSTRUCT}/runtime/header_allow_list.py",
        code="    if len(headers) > _MAX_HEADERS:\n",
        mutated="    if False:\n",
        tests=(REFUSED,),
        says="RuntimeError",
    ),
    Mutation(
        gotcha="of x-amz and x-amzn headers AgentCore passes on its own custom ones alone",
        page=f"{AGENTCORE}/runtime-header-allowlist.html",
        file=f"{CONSTRUCT}/runtime/header_allow_list.py",
        code=' or (not custom and (name.startswith("x-amz-") or name.startswith("x-amzn-")))',
        mutated="",
        tests=(REFUSED,),
    ),
    Mutation(
        gotcha="Origin, User-Agent and a hundred others are kept from agents, and an allow-list with them is refused",
        page=f"{AGENTCORE}/runtime-header-allowlist.html",
        file=f"{CONSTRUCT}/runtime/header_allow_list.py",
        code="        if name in _RESTRICTED_HEADERS or (",
        mutated="        if (",
        tests=(REFUSED,),
    ),
    Mutation(
        gotcha="the agent's own origin header is kept from it unless it is allow-listed",
        page=f"{AGENTCORE}/runtime-header-allowlist.html",
        file=f"{CONSTRUCT}/runtime/agent_runtime.py",
        code="        headers.append(ORIGIN_HEADER)\n",
        mutated="        pass\n",
        tests=(f"{TESTS}/runtime/test_runtime_options.py::test_the_agent_learns_the_origins_that_it_answers",),
    ),
    Mutation(
        gotcha="API Gateway adds no header to a streamed answer: the agent must know the origins it answers",
        page=f"{AGENTCORE}/runtime-header-allowlist.html",
        file=f"{CONSTRUCT}/runtime/agent_runtime.py",
        code='        variables[_ORIGINS_VARIABLE] = ",".join(context.origins)\n',
        mutated="        pass\n",
        tests=(f"{TESTS}/runtime/test_runtime_options.py::test_the_agent_learns_the_origins_that_it_answers",),
    ),
    Mutation(
        gotcha="AgentCore reads the code with the role while it makes the runtime, which must wait for its policies",
        page=f"{AGENTCORE}/runtime-permissions.html",
        file=f"{CONSTRUCT}/runtime/agent_runtime.py",
        code="    typing.cast(agentcore.CfnRuntime, runtime.node.default_child).add_metadata(\n"
        '        "cfn-lint", {"config": {"ignore_checks": ["W3005"]}}\n    )\n',
        mutated="    typing.cast(agentcore.CfnRuntime, runtime.node.default_child)"
        '.add_deletion_override("DependsOn")\n',
        tests=(
            f"{TESTS}/runtime/test_runtime_options.py::test_the_runtime_waits_for_the_policies_of_its_role",
            f"{TESTS}/runtime/test_runtime_options.py::test_a_role_of_yours_is_waited_for_too",
        ),
    ),
    Mutation(
        gotcha="with from_image_uri the runtime's role may not pull the image",
        page=f"{AGENTCORE}/runtime-permissions.html",
        file=f"{CONSTRUCT}/runtime/agent_source.py",
        code="        repository.grant_pull(role)\n",
        mutated="",
        tests=(f"{TESTS}/runtime/test_agent_source.py::test_an_image_by_address_may_be_pulled",),
        says="StopIteration",
    ),
    Mutation(
        gotcha="with from_s3 the runtime's role may not use the key that encrypts the zip",
        page=f"{AGENTCORE}/runtime-permissions.html",
        file=f"{CONSTRUCT}/runtime/agent_source.py",
        code="        self._bucket.grant_read(role, self._key)\n",
        mutated="        pass\n",
        tests=(f"{TESTS}/runtime/test_agent_source.py::test_a_zip_in_a_bucket_may_be_read_with_its_key",),
    ),
    Mutation(
        gotcha="AgentCore runs arm64 alone, and Docker builds for the machine it is on",
        page=f"{AGENTCORE}/getting-started-custom.html",
        file=f"{CONSTRUCT}/runtime/agent_source.py",
        code="platform=ecr_assets.Platform.LINUX_ARM64, ",
        mutated="",
        tests=(f"{TESTS}/runtime/test_agent_source.py::test_a_dockerfile_is_built_for_arm64",),
    ),
    Mutation(
        gotcha="a wheel for the developer's own machine does not load on arm64 Linux",
        page=f"{AGENTCORE}/runtime-get-started-code-deploy.html",
        file=f"{CONSTRUCT}/host.py",
        code='    arguments += ["--python-platform", _PLATFORM, ',
        mutated='    arguments += ["--python-platform", "x86_64-manylinux_2_28", ',
        tests=(
            f"{TESTS}/test_host.py::test_requirements_come_along_for_arm64",
            f"{TESTS}/test_host.py::test_a_package_for_another_machine_is_refused_with_its_name",
        ),
        says="SAC015",
    ),
    Mutation(
        gotcha="AgentCore unpacks 750 MB of code at most",
        page=f"{AGENTCORE}/bedrock-agentcore-limits.html",
        file=f"{CONSTRUCT}/host.py",
        code="    if size > _UNPACKED_LIMIT_BYTES:\n",
        mutated="    if False:\n",
        tests=(f"{TESTS}/test_host.py::test_an_agent_larger_than_agentcore_unpacks",),
    ),
    Mutation(
        gotcha="the runtime's role may call no model, and a streamed call is an action of its own",
        page="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html",
        file=f"{CONSTRUCT}/api/agent_route.py",
        code='        actions=["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],\n',
        mutated='        actions=["bedrock:InvokeModel"],\n',
        tests=(f"{TESTS}/api/test_agents.py::test_a_role_calls_no_model_until_it_is_granted",),
    ),
    Mutation(
        gotcha="a policy names a model by its ARN: its id admits nothing",
        page="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html",
        file=f"{CONSTRUCT}/api/agent_route.py",
        code='        if not Token.is_unresolved(arn) and not arn.startswith("arn:"):\n',
        mutated="        if False:\n",
        tests=(f"{TESTS}/api/test_agents.py::test_models_are_granted_by_arn",),
    ),
    Mutation(
        gotcha="the runtime's own address passes by firewall, throttle and session: a secret shows the gateway's calls",
        page=f"{AGENTCORE}/runtime-header-allowlist.html",
        file=f"{CONSTRUCT}/api/invocation.py",
        code="""        parameters[f"integration.request.header.{GATEWAY_SECRET_HEADER}"] =""",
        mutated="        _ =",
        tests=(
            f"{TESTS}/protection/test_runtime_guard.py::test_the_gateway_shows_a_new_secret_that_the_template_does_not_hold",
        ),
    ),
    Mutation(
        gotcha="a quote in the secret would end the mapping expression that carries it",
        page=f"{APIGW}/rest-api-parameter-mapping.html",
        file=f"{CONSTRUCT}/protection/runtime_guard.py",
        code="password_length=64, exclude_punctuation=True",
        mutated="password_length=64",
        tests=(
            f"{TESTS}/protection/test_runtime_guard.py::test_the_gateway_shows_a_new_secret_that_the_template_does_not_hold",
        ),
    ),
    Mutation(
        gotcha="an Allow for the VPC leaves callers with AWS credentials of elsewhere in: only a Deny stops them",
        page=f"{AGENTCORE}/resource-based-policies.html",
        file=f"{CONSTRUCT}/protection/runtime_guard.py",
        code='            "Effect": "Deny",\n',
        mutated='            "Effect": "Allow",\n',
        tests=(
            f"{TESTS}/protection/test_runtime_guard.py::test_on_a_private_path_the_runtime_answers_nobody_from_elsewhere",
        ),
    ),
    Mutation(
        gotcha="behind a private API the runtime is as public as before, and nothing says so",
        page=f"{AGENTCORE}/resource-based-policies.html",
        file=f"{CONSTRUCT}/streaming_agent_api.py",
        code="        if door._is_private() and guards.runtime_guard is None:\n",
        mutated="        if False:\n",
        tests=(
            f"{TESTS}/protection/test_runtime_guard.py::test_a_private_api_in_front_of_a_public_runtime_is_warned_about[False]",
        ),
    ),
)
