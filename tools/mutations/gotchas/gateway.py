"""Gotchas of API Gateway's stream, deployment, endpoint and answers to browsers."""

from ..mutation import Mutation
from ..pages import APIGW, CDK_ISSUES

CONSTRUCT = "src/streaming_agent_construct"
TESTS = "tests/unit/streaming_agent_construct"

GATEWAY = (
    Mutation(
        gotcha="STREAM as an override of the L1 changes no deployment: a live API goes on buffering",
        page=f"{CDK_ISSUES}/9086",
        file=f"{CONSTRUCT}/api/invocation.py",
        code="            response_transfer_mode=apigateway.ResponseTransferMode.STREAM,\n",
        mutated="",
        tests=(
            f"{TESTS}/api/test_invocation.py::test_the_answer_streams_for_up_to_fifteen_minutes",
            f"{TESTS}/test_deployment.py::test_streaming_is_a_part_of_what_a_deployment_follows_from",
        ),
    ),
    Mutation(
        gotcha="a replaced runtime makes no new deployment: the stage calls the old runtime's address",
        page=f"{CDK_ISSUES}/33719",
        file=f"{CONSTRUCT}/api/agent_routes.py",
        code='        self._api.redeploy_with(f"runtime /{path}", [config.deployment_key])\n',
        mutated="",
        tests=(f"{TESTS}/test_deployment.py::test_what_the_stage_depends_on_makes_a_new_deployment[replaced-runtime]",),
    ),
    Mutation(
        gotcha="another user pool makes no new deployment: the stage goes on asking the old one",
        page=f"{CDK_ISSUES}/33719",
        file=f"{CONSTRUCT}/api/agent_routes.py",
        code='        api.redeploy_with("authorizer", auth.deployment_key)\n',
        mutated="",
        tests=(f"{TESTS}/test_deployment.py::test_another_user_pool_makes_a_new_deployment",),
    ),
    Mutation(
        gotcha="an integration ends after 29 seconds unless its timeout is raised",
        page=f"{APIGW}/response-streaming-http.html",
        file=f"{CONSTRUCT}/api/invocation.py",
        code="            timeout=timeout,\n",
        mutated="",
        tests=(
            f"{TESTS}/api/test_invocation.py::test_the_answer_streams_for_up_to_fifteen_minutes",
            f"{TESTS}/api/test_invocation.py::test_a_shorter_timeout_is_taken",
        ),
    ),
    Mutation(
        gotcha="a stream ends after 15 minutes, and the CDK takes a longer timeout without a word",
        page=f"{APIGW}/response-streaming-http.html",
        file=f"{CONSTRUCT}/api/invocation.py",
        code="    if given_ms > _MAX_TIMEOUT_SECONDS * 1000:\n",
        mutated="    if False:\n",
        tests=(f"{TESTS}/api/test_invocation.py::test_a_timeout_that_api_gateway_would_cut_or_refuse",),
    ),
    Mutation(
        gotcha="RestApi is edge-optimised by default, where a stream may be silent for 30 seconds only",
        page=f"{APIGW}/response-streaming-http.html",
        file=f"{CONSTRUCT}/api/rest_api.py",
        code="            endpoint_configuration=endpoint.configuration,\n",
        mutated="",
        tests=(f"{TESTS}/api/test_endpoint.py::test_regional_unless_said",),
    ),
    Mutation(
        gotcha="an edge-optimised endpoint ends a silent stream after 30 seconds: nothing says so at synth",
        page=f"{APIGW}/response-streaming-http.html",
        file=f"{CONSTRUCT}/api/endpoint.py",
        code="        if not self._idle_is_known:\n",
        mutated="        if False:\n",
        tests=(f"{TESTS}/api/test_endpoint.py::test_an_edge_endpoint_says_its_idle_limit",),
    ),
    Mutation(
        gotcha="an agent that is silent for longer than 30 seconds is cut at the edge",
        page=f"{APIGW}/response-streaming-http.html",
        file=f"{CONSTRUCT}/api/endpoint.py",
        code='if max_idle is not None and resolve_milliseconds("max_idle", max_idle) > _EDGE_IDLE_SECONDS * 1000:',
        mutated="if max_idle is not None and False:",
        tests=(f"{TESTS}/api/test_endpoint.py::test_an_agent_that_is_silent_for_too_long_for_the_edge_is_refused",),
    ),
    Mutation(
        gotcha="a private API answers nobody without a resource policy",
        page=f"{APIGW}/apigateway-private-apis.html",
        file=f"{CONSTRUCT}/api/rest_api.py",
        code="            policy=endpoint.policy,\n",
        mutated="",
        tests=(f"{TESTS}/api/test_endpoint.py::test_a_private_api_answers_its_endpoints_alone",),
    ),
    Mutation(
        gotcha="with a name of its own an API is still open at execute-api, past mutual TLS",
        page=f"{APIGW}/rest-api-disable-default-endpoint.html",
        file=f"{CONSTRUCT}/api/rest_api.py",
        code="            disable_execute_api_endpoint=True if endpoint.domain is not None else None,\n",
        mutated="",
        tests=(f"{TESTS}/api/test_custom_domain.py::test_the_default_endpoint_is_switched_off",),
    ),
    Mutation(
        gotcha="RestApi sets the account's one role for API Gateway's logs, for every other API too",
        page=f"{APIGW}/set-up-logging.html",
        file=f"{CONSTRUCT}/api/rest_api.py",
        code="            cloud_watch_role=stage_log.account_role,\n",
        mutated="",
        tests=(
            f"{TESTS}/observability/test_region_setup.py::"
            "test_a_role_that_the_account_has_is_not_replaced_by_one_of_the_stack",
        ),
    ),
    Mutation(
        gotcha="a browser's preflight is API Gateway's to answer, and carries no token",
        page=f"{APIGW}/how-to-cors.html",
        file=f"{CONSTRUCT}/api/agent_routes.py",
        code="        if cors is not None:\n            allowed",
        mutated="        if cors is not None and False:\n            allowed",
        tests=(f"{TESTS}/api/test_cors.py::test_a_preflight_asks_for_no_token",),
        says="StopIteration",
    ),
    Mutation(
        gotcha="a preflight that does not allow the token's header stops the page that sends it",
        page=f"{APIGW}/how-to-cors.html",
        file=f"{CONSTRUCT}/api/cors.py",
        code="    for header in request_headers:\n        if header not in headers:\n",
        mutated="    for header in request_headers:\n        if False:\n",
        tests=(f"{TESTS}/auth/test_iam_auth.py::test_browsers_may_send_the_signature_and_the_token",),
    ),
    Mutation(
        gotcha="API Gateway's own 4xx and 5xx have no CORS headers: a page sees a network error",
        page=f"{APIGW}/supported-gateway-response-types.html",
        file=f"{CONSTRUCT}/api/rest_api.py",
        code="            open_error_responses(self.rest_api, cors)\n",
        mutated="            pass\n",
        tests=(f"{TESTS}/api/test_cors.py::test_a_page_can_read_why_it_was_refused",),
    ),
    Mutation(
        gotcha="a gateway response has one value for a header, so one origin of several could read it",
        page=f"{APIGW}/api-gateway-gatewayResponse-definition.html",
        file=f"{CONSTRUCT}/api/cors.py",
        code=' if len(cors.allow_origins) == 1 else "method.request.header.Origin"\n',
        mutated="\n",
        tests=(f"{TESTS}/api/test_cors.py::test_errors_answer_whichever_of_several_origins_asked",),
    ),
    Mutation(
        gotcha="a required API key without a usage plan is never the right one",
        page=f"{APIGW}/api-gateway-api-usage-plans.html",
        file=f"{CONSTRUCT}/protection/api_keys.py",
        code="        api_stages=[apigateway.UsagePlanPerApiStage(api=api, stage=stage)],\n",
        mutated="",
        tests=(
            f"{TESTS}/protection/test_throttle_and_keys.py::test_a_key_is_required_beside_the_token_and_belongs_to_a_plan_of_the_stage",
        ),
    ),
)
