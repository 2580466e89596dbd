"""Gotchas of AWS WAF in front of prompts, and of what is logged and measured of a stream."""

from ..mutation import Mutation
from ..pages import APIGW, CDK_ISSUES, WAF

CONSTRUCT = "src/streaming_agent_construct"
TESTS = "tests/unit/streaming_agent_construct"
LOG = f"{TESTS}/observability/test_access_log.py"

FIREWALL_AND_LOGS = (
    Mutation(
        gotcha="the common rule set blocks bodies over 8 KB, which a long prompt exceeds",
        page=f"{WAF}/aws-managed-rule-groups-baseline.html",
        file=f"{CONSTRUCT}/protection/firewall_rules.py",
        code='    "SizeRestrictions_BODY",\n',
        mutated="",
        tests=(f"{TESTS}/protection/test_firewall.py::test_a_prompt_longer_than_8_kb_passes",),
    ),
    Mutation(
        gotcha="a prompt that quotes a script tag or a log4j string is blocked as an attack",
        page=f"{WAF}/aws-managed-rule-groups-baseline.html",
        file=f"{CONSTRUCT}/protection/firewall_rules.py",
        code='"JavaDeserializationRCE_BODY", "Log4JRCE_BODY", ',
        mutated="",
        tests=(
            f"{TESTS}/protection/test_firewall.py::test_a_prompt_may_quote_an_attack"
            "[AWSManagedRulesKnownBadInputsRuleSet-Log4JRCE_BODY]",
        ),
    ),
    Mutation(
        gotcha="WAF inspects 16 KB of a body and passes the rest on",
        page=f"{WAF}/web-acl-setting-body-inspection-limit.html",
        file=f"{CONSTRUCT}/protection/firewall.py",
        code='default_size_inspection_limit="KB_64"',
        mutated='default_size_inspection_limit="KB_16"',
        tests=(f"{TESTS}/protection/test_firewall.py::test_64_kb_of_a_body_are_inspected",),
    ),
    Mutation(
        gotcha="a client's query string is merged with the mapped one: ?qualifier= reaches the runtime beside ours",
        page=f"{APIGW}/rest-api-parameter-mapping.html",
        file=f"{CONSTRUCT}/protection/firewall_rules.py",
        code="        _no_runtime_arguments(0) if reserved.query_signing else _no_query_string(0),\n",
        mutated="",
        tests=(
            f"{TESTS}/api/test_invocation.py::test_a_clients_own_qualifier_and_account_are_blocked_however_they_are_written",
        ),
    ),
    Mutation(
        gotcha="%2571ualifier is the same argument to a parser that decodes twice, and passes a rule that decodes once",
        page=f"{WAF}/waf-rule-statement-transformation.html",
        file=f"{CONSTRUCT}/protection/firewall_rules.py",
        code='["URL_DECODE", "URL_DECODE_UNI", "LOWERCASE"]',
        mutated='["URL_DECODE", "LOWERCASE"]',
        tests=(
            f"{TESTS}/api/test_invocation.py"
            "::test_with_signatures_in_the_query_string_the_two_arguments_are_blocked_wherever_they_stand",
        ),
    ),
    Mutation(
        gotcha="a mapping whose source has no value replaces nothing: the client's own session id would pass",
        page=f"{APIGW}/request-response-data-mappings.html",
        file=f"{CONSTRUCT}/protection/firewall_rules.py",
        code="    if len(reserved.headers) > 0:\n",
        mutated="    if False:\n",
        tests=(f"{TESTS}/api/test_invocation.py::test_a_client_cannot_send_what_the_gateway_sets",),
        says="KeyError",
    ),
    Mutation(
        gotcha="a web ACL protects nothing until it is associated, with the ARN of the stage and not of the API",
        page=f"{APIGW}/apigateway-control-access-aws-waf.html",
        file=f"{CONSTRUCT}/protection/firewall.py",
        code="resource_arn=stage.stage_arn",
        mutated='resource_arn=stage.stage_arn.replace("/stages/", "/deployments/")',
        tests=(f"{TESTS}/protection/test_firewall.py::test_the_stage_is_what_a_web_acl_stands_in_front_of",),
    ),
    Mutation(
        gotcha="WAF's sampled requests show headers, tokens among them",
        page=f"{WAF}/web-acl-testing-view-sample.html",
        file=f"{CONSTRUCT}/protection/firewall_rules.py",
        code="sampled_requests_enabled=False",
        mutated="sampled_requests_enabled=True",
        tests=(f"{TESTS}/protection/test_firewall.py::test_samples_that_show_tokens_are_not_kept",),
    ),
    Mutation(
        gotcha="WAF writes every header to its log, cookies and API keys among them",
        page=f"{WAF}/data-protection-masking.html",
        file=f"{CONSTRUCT}/protection/firewall_log.py",
        code='_SECRET_HEADERS = ["authorization", "cookie", "x-api-key"]\n',
        mutated='_SECRET_HEADERS = ["authorization", "cookie"]\n',
        tests=(f"{LOG}::test_the_firewalls_log_holds_no_token_key_or_prompt",),
    ),
    Mutation(
        gotcha="a token in a header of its own is as secret as one in Authorization",
        page=f"{WAF}/data-protection-masking.html",
        file=f"{CONSTRUCT}/protection/firewall_log.py",
        code="        if header.lower() not in names:\n",
        mutated="        if False:\n",
        tests=(f"{LOG}::test_a_token_in_a_header_of_its_own_is_not_logged_either",),
    ),
    Mutation(
        gotcha="WAF logs to log groups with the prefix aws-waf-logs- alone",
        page=f"{WAF}/logging-cw-logs.html",
        file=f"{CONSTRUCT}/protection/firewall_log.py",
        code='log_group_name=f"aws-waf-logs-{',
        mutated='log_group_name=f"waf-logs-{',
        tests=(f"{LOG}::test_the_firewalls_log_is_named_as_waf_wants_and_never_meets_a_deleted_stacks",),
        says="ValueError",
    ),
    Mutation(
        gotcha="with STREAM latency is the time until the stream ends: an alarm on it rings for good answers",
        page=f"{APIGW}/response-streaming-troubleshoot.html",
        file=f"{CONSTRUCT}/observability/alarms.py",
        code="                metrics.slow_answer_share,\n",
        mutated='cloudwatch.Metric(namespace="AWS/ApiGateway", metric_name="Latency", statistic="p90"),\n',
        tests=(
            f"{TESTS}/observability/test_alarms.py::test_no_alarm_watches_latency",
            f"{TESTS}/observability/test_alarms.py::test_slow_is_when_one_answer_in_ten_begins_late",
        ),
    ),
    Mutation(
        gotcha="API Gateway has no metric for when an answer begins: only its access log knows",
        page=f"{APIGW}/response-streaming-troubleshoot.html",
        file=f"{CONSTRUCT}/observability/access_log.py",
        code='        _field("timeToFirstContent", "$context.integration.timeToFirstContent"),\n',
        mutated="",
        tests=(f"{LOG}::test_a_line_is_json_and_tells_how_the_answer_streamed",),
    ),
    Mutation(
        gotcha="whether a live API streams is seen in responseTransferMode of the access log alone",
        page=f"{APIGW}/response-streaming-troubleshoot.html",
        file=f"{CONSTRUCT}/observability/access_log.py",
        code='        _field("transferMode", "$context.integration.responseTransferMode"),\n',
        mutated="",
        tests=(f"{LOG}::test_a_line_is_json_and_tells_how_the_answer_streamed",),
    ),
    Mutation(
        gotcha="a variable without a value is written as a bare hyphen, which is no JSON",
        page=f"{APIGW}/set-up-logging.html",
        file=f"{CONSTRUCT}/observability/access_log.py",
        code="""    return f'"{name}":"{value}"'\n""",
        mutated="""    return f'"{name}":{value}'\n""",
        tests=(f"{LOG}::test_every_value_is_quoted_so_that_a_missing_one_is_still_json",),
        says="JSONDecodeError",
    ),
    Mutation(
        gotcha="an unmeasured line is a hyphen, and would be counted as a value",
        page=f"{APIGW}/set-up-logging.html",
        file=f"{CONSTRUCT}/observability/log_metrics.py",
        code='logs.FilterPattern.string_value("$.timeToFirstContent", "!=", "-")',
        mutated="logs.FilterPattern.all_events()",
        tests=(f"{LOG}::test_the_first_content_is_measured_for_this_api_alone",),
    ),
    Mutation(
        gotcha="some of API Gateway's error messages quote the Authorization header",
        page=f"{APIGW}/api-gateway-variables-for-access-logging.html",
        file=f"{CONSTRUCT}/observability/access_log.py",
        code='"$context.error.responseType"',
        mutated='"$context.error.message"',
        tests=(f"{LOG}::test_a_line_never_holds_a_secret_or_what_a_client_writes_freely[$context.error.message]",),
    ),
    Mutation(
        gotcha="data tracing writes bodies and headers to API Gateway's own log",
        page=f"{APIGW}/set-up-logging.html",
        file=f"{CONSTRUCT}/api/method_settings.py",
        code="        data_trace_enabled=False,\n",
        mutated="        data_trace_enabled=True,\n",
        tests=(
            f"{LOG}::test_bodies_are_not_in_api_gateways_own_log_and_errors_are",
            f"{TESTS}/protection/test_throttle_and_keys.py::test_bodies_are_never_logged",
        ),
    ),
    Mutation(
        gotcha="a runtime's metrics are those of an endpoint: the CDK's name DEFAULT, and older releases none",
        page=f"{CDK_ISSUES}/38486",
        file=f"{CONSTRUCT}/observability/metrics.py",
        code='f"{runtime.agent_runtime_name}::{qualifier}"',
        mutated='f"{runtime.agent_runtime_name}::DEFAULT"',
        tests=(
            f"{TESTS}/observability/test_metrics.py::test_the_runtimes_metrics_are_those_of_the_endpoint_that_is_called",
        ),
    ),
    Mutation(
        gotcha="API Gateway makes no stage with logs in an account that has no role for them",
        page=f"{APIGW}/set-up-logging.html",
        file=f"{CONSTRUCT}/observability/observability.py",
        code="makes_missing_account_role=options.account_role is None,",
        mutated="makes_missing_account_role=False,",
        tests=(
            f"{TESTS}/observability/test_region_setup.py::test_an_account_without_a_role_gets_one_before_the_stage",
        ),
        says="not enough values to unpack",
    ),
    Mutation(
        gotcha="the update that takes a key off a log group names no key any more, and needs a permission of its own",
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        file=f"{CONSTRUCT}/observability/region_setup.py",
        code='    actions.append("logs:DisassociateKmsKey")\n',
        mutated="",
        tests=(
            f"{TESTS}/assets/test_region_setup_function.py::test_each_update_of_an_agents_log_is_allowed_by_the_new_template",
        ),
    ),
    Mutation(
        gotcha="an alarm reads its own Region, where a runtime of another one never fails: it stays green",
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Cross-Account-Cross-Region.html",
        file=f"{CONSTRUCT}/observability/monitoring.py",
        code="        if where is not None:\n",
        mutated="        if where is not None and where == '':\n",
        tests=(
            f"{TESTS}/observability/test_alarms.py::"
            "test_a_runtime_of_another_region_has_a_row_and_no_alarm_that_would_stay_green",
        ),
    ),
    Mutation(
        gotcha="a topic with any policy no longer lets CloudWatch publish: alarms turn red and tell nobody",
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
        file=f"{CONSTRUCT}/observability/alarm_topics.py",
        code='    if topic.node.try_find_child("Policy") is None:\n',
        mutated="    if True:\n",
        tests=(f"{TESTS}/observability/test_alarms.py::test_a_topic_with_a_policy_of_its_own_lets_the_alarms_publish",),
        says="not enough values to unpack",
    ),
)
