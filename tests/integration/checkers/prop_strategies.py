"""Draws what somebody might ask a StreamingAgentApi for, sensible or not, as plain data, and asks for it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from hypothesis import strategies as st

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    AlarmThresholds,
    ApiEndpoint,
    ApiKeys,
    Cors,
    CustomDomain,
    Firewall,
    Observability,
    Protection,
    RequiredClaim,
    RuntimeGuard,
    RuntimeOptions,
    SessionBinding,
    StreamingAgentApi,
    Throttle,
    TokenType,
)

Plan = dict[str, Any]
Strategy = st.SearchStrategy[Any]

# ---------------------------------------------------------------- plain values, many of them wrong

_ODD = ["", " ", "-", "_", "1", "a b", "a'b", 'a"b', "a/b", "a\\b", "a\nb", "${Token}", "ä", "x" * 300, "*", "None"]


def _mostly(sensible: Sequence[Any], *odd: Strategy) -> Strategy:
    """One of the sensible values nine times in ten; a plan has many values, and one wrong one ends it."""
    return st.integers(0, 9).flatmap(lambda toss: st.one_of(*odd) if toss == 9 else st.sampled_from(sensible))


def _words(*sensible: str) -> Strategy:
    return _mostly(
        sensible, st.sampled_from(_ODD), st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)
    )


def _numbers(*sensible: float) -> Strategy:
    return _mostly(sensible, st.sampled_from([0, -1, 0.5, 1e-9, 2**31, 10**12]), st.integers(-5, 5000))


def _whole(*sensible: int) -> Strategy:
    return _mostly(sensible, st.sampled_from([0, -1, 2**31, 10**12]), st.integers(-5, 5000))


def _milliseconds(*sensible: int) -> Strategy:
    return _mostly(sensible, st.integers(0, 10**9), st.sampled_from([0, 1, 999, 1500]))


def _lists(values: Strategy, most: int = 3) -> Strategy:
    return st.one_of(*[st.lists(values, min_size=1, max_size=most)] * 9, st.just([]))


def _some(**fields: Strategy) -> Strategy:
    """Each of these keywords or not."""
    return st.fixed_dictionaries({}, optional=fields)


def _kind(kind: str, **fields: Strategy) -> Strategy:
    return _some(**fields).map(lambda chosen: {"kind": kind, **chosen})


# ---------------------------------------------------------------- what may be asked for

_SCOPES = _lists(_words("agents/invoke", "agents/admin", "aws.cognito.signin.user.admin", "openid", "phone"))
_URLS = _lists(_words("https://chat.example.com/", "http://localhost:3000/", "myapp://signed-in"))
_CLAIMS = _lists(
    st.fixed_dictionaries(
        {
            "how": st.sampled_from(["string_equals", "list_contains", "list_contains_any"]),
            "name": _words("roles", "custom:team"),
            "values": _lists(_words("admin", "user_1", "a.b")),
        }
    ),
    2,
)
_TOKEN: dict[str, Strategy] = {
    "discovery_url": _words("https://login.example.com/.well-known/openid-configuration"),
    "audiences": _lists(_words("agents", "https://api.example.com")),
    "client_ids": _lists(_words("web", "mobile")),
    "scopes": _lists(_words("agents", "agents:invoke")),
    "claims": _CLAIMS,
}
_TTL = _milliseconds(0, 60_000, 3_600_000)
_AUTH = st.one_of(
    _kind(
        "cognito",
        token=st.sampled_from(["ID", "ACCESS"]),
        scopes=_SCOPES,
        groups=_lists(_words("staff", "admins")),
        claims=_CLAIMS,
        callback_urls=_URLS,
        logout_urls=_URLS,
        domain_prefix=_words("agents-of-ours"),
        mfa=st.sampled_from(["OFF", "OPTIONAL", "REQUIRED"]),
        threat_protection=st.sampled_from(["FULL_FUNCTION", "AUDIT_ONLY", "NO_ENFORCEMENT"]),
        id_token_validity=_milliseconds(300_000, 3_600_000, 86_400_000),
        access_token_validity=_milliseconds(300_000, 3_600_000, 86_400_000),
        refresh_token_validity=_milliseconds(3_600_000, 86_400_000),
    ),
    _kind(
        "user_pool",
        clients=_lists(st.sampled_from(["web", "machine", "imported", "elsewhere"])),
        token=st.sampled_from(["ID", "ACCESS"]),
        scopes=_SCOPES,
        groups=_lists(_words("staff", "admins")),
        claims=_CLAIMS,
    ),
    _kind("oidc", **_TOKEN, results_cache_ttl=_TTL),
    _kind(
        "lambda_authorizer",
        **_TOKEN,
        identity_headers=_lists(_words("Authorization", "Cookie", "X-Key")),
        token_key=_words("token"),
        session_key=_words("session"),
        results_cache_ttl=_TTL,
    ),
    _kind("iam", **_TOKEN, token_header=_words("X-User-Token")),
)
_DOMAIN = _some(
    domain_name=_words("agents.example.com", "a.b.c.example.org"),
    region=st.sampled_from(["eu-west-1", "us-east-1"]),
    zone=st.booleans(),
    base_path=_words("v1"),
    mutual_tls=st.booleans(),
)
_ENDPOINT = st.one_of(
    _kind("regional", domain=_DOMAIN),
    _kind("private_api", vpc_endpoints=_whole(1, 2)),
    _kind("edge_optimized", max_idle=_milliseconds(20_000, 30_000), domain=_DOMAIN),
)
_CORS = st.fixed_dictionaries(
    {"allow_origins": _lists(_words("https://chat.example.com", "http://localhost:3000"))},
    optional={"allow_headers": _lists(_words("Authorization", "X-Trace")), "max_age": _milliseconds(60_000, 3_600_000)},
)
_THROTTLE = _some(rate_limit=_numbers(1, 50, 0.5), burst_limit=_whole(1, 50))
_PROTECTION = _some(
    firewall=st.one_of(
        _kind("managed", requests_per_ip=_whole(10, 2000)),
        _kind("existing", web_acl_arn=_words("arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/mine/0123")),
        _kind("disabled"),
    ),
    throttle=_THROTTLE,
    api_keys=_some(
        clients=_lists(_words("web", "mobile")),
        existing=st.booleans(),
        quota=_some(limit=_numbers(1, 1000), period=st.sampled_from(["DAY", "WEEK", "MONTH"]), offset=_whole(0, 1, 6)),
        throttle=_THROTTLE,
    ),
    runtime_guard=st.one_of(
        _kind("shared_secret", secret=st.booleans(), version_id=_words("0123abcd-0123-0123-0123-0123456789ab")),
        _kind("private_path"),
    ),
)
_OBSERVABILITY = _some(
    access_logs=st.booleans(),
    access_log_group=st.booleans(),
    retention=st.sampled_from(["ONE_DAY", "ONE_YEAR", "INFINITE"]),
    encryption_key=st.sampled_from(["new", "imported"]),
    account_role=st.booleans(),
    firewall_logs=st.booleans(),
    tracing_enabled=st.booleans(),
    alarms=st.booleans(),
    alarm_thresholds=_some(
        server_error_percent=_numbers(1, 5),
        runtime_errors=_whole(1, 5),
        time_to_first_content=_milliseconds(3000, 10_000),
        throttled_requests=_whole(1, 50),
        blocked_requests=_whole(1, 500),
    ),
    critical_topic=st.booleans(),
    warning_topic=st.booleans(),
    dashboard=st.booleans(),
)
_VARIABLES = st.dictionaries(_words("MODEL_ID", "LOG_LEVEL", "A1"), _words("eu.amazon.nova-lite-v1:0"), max_size=3)
_RUNTIME = _some(
    runtime_name=_words("mine", "Agent_1"),
    description=st.one_of(_words("an agent"), st.sampled_from(["x" * 1200, "x" * 1201])),
    environment_variables=_VARIABLES,
    execution_role=st.booleans(),
    network_configuration=st.booleans(),
    idle=_milliseconds(60_000, 900_000, 28_800_000),
    lifetime=_milliseconds(60_000, 900_000, 28_800_000),
    header_allow_list=_lists(_words("X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant", "Authorization", "X-Tenant")),
    qualifier=_words("DEFAULT", "live", "blue"),
    live_version=_words("1", "12"),
    tags=st.dictionaries(_words("team"), _words("blue"), max_size=2),
)
_AGENT = st.one_of(
    st.just({"kind": "from_directory"}),
    _kind(
        "from_directory",
        entrypoint=_words("agent.py", "main.py", "opentelemetry-instrument agent.py"),
        python_runtime=st.sampled_from(["3_11", "3_13"]),
        exclude=_lists(_words("data", "*.log")),
    ),
    _kind("from_ecr_repository", tag=_words("1.0", "latest")),
    _kind("from_image_uri", uri=_words("111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1")),
    _kind("from_s3", key=_words("agent.zip"), entrypoint=_words("agent.py", "app/main.py")),
    _kind("from_existing_runtime", imported=st.booleans()),
)

PLANS: Strategy = st.fixed_dictionaries(
    {"id": _words("Agent", "My-Agent", "Default"), "known": st.booleans(), "agent": _AGENT},
    optional={
        "auth": _AUTH,
        "timeout": _milliseconds(1000, 29_000, 900_000),
        "endpoint": _ENDPOINT,
        "cors": _CORS,
        "protection": _PROTECTION,
        "observability": _OBSERVABILITY,
        "session": st.sampled_from(["PER_USER", "CLIENT", "PER_REQUEST"]),
        "runtime": _RUNTIME,
        "more": st.lists(
            st.fixed_dictionaries(
                {"name": _words("writer", "reader"), "agent": _AGENT},
                optional={"timeout": _milliseconds(60_000), "runtime": _RUNTIME, "throttle": _THROTTLE},
            ),
            max_size=2,
        ),
        "models": _lists(_words("arn:aws:bedrock:eu-west-1::foundation-model/m")),
    },
)


# ---------------------------------------------------------------- asking for it


class Asked:
    """One app that asks for what a plan says; everything that a user brings along is made beside it."""

    def __init__(self, folder: Path, outdir: Path, known: bool) -> None:
        self.app = App(context={"aws:cdk:bundling-stacks": []}, outdir=str(outdir))
        env = Environment(account="111122223333", region="eu-west-1") if known else None
        self.stack = Stack(self.app, "Drawn", env=env)
        self.folder = folder
        self.made = 0

    def api(self, plan: Plan) -> StreamingAgentApi:
        settings: dict[str, Any] = {
            "agent": self._agent(plan["agent"]),
            "auth": self._or_none(self._auth, plan.get("auth")),
            "timeout": _duration(plan.get("timeout")),
            "endpoint": self._or_none(self._endpoint, plan.get("endpoint")),
            "cors": self._or_none(_cors, plan.get("cors")),
            "protection": self._or_none(self._protection, plan.get("protection")),
            "observability": self._or_none(self._observability, plan.get("observability")),
            "session": SessionBinding[plan["session"]] if "session" in plan else None,
            "runtime": self._or_none(self._runtime, plan.get("runtime")),
        }
        api = StreamingAgentApi(self.stack, plan["id"], **settings)
        for one in plan.get("more", []):
            api.add_agent(
                one["name"],
                agent=self._agent(one["agent"]),
                timeout=_duration(one.get("timeout")),
                runtime=self._or_none(self._runtime, one.get("runtime")),
                throttle=self._or_none(lambda limits: Throttle(**limits), one.get("throttle")),
            )
        if "models" in plan:
            api.grant_invoke_model(model_arns=plan["models"])
        return api

    @staticmethod
    def _or_none(make: Callable[[Any], Any], given: Any) -> Any:
        return make(given) if given is not None else None

    def _id(self, name: str) -> str:
        self.made += 1
        return f"{name}{self.made}"

    def _auth(self, plan: Plan) -> AgentAuth:
        chosen = dict(plan)
        kind = chosen.pop("kind")
        if "claims" in chosen:
            chosen["claims"] = [_claim(one) for one in chosen["claims"]]
        if "token" in chosen:
            chosen["token"] = TokenType[chosen["token"]]
        for name in [name for name in chosen if name.endswith(("_validity", "_ttl"))]:
            chosen[name] = _duration(chosen[name])
        if kind == "cognito":
            if "mfa" in chosen:
                chosen["mfa"] = cognito.Mfa[chosen["mfa"]]
            if "threat_protection" in chosen:
                chosen["threat_protection"] = cognito.StandardThreatProtectionMode[chosen["threat_protection"]]
            return AgentAuth.cognito(**chosen)
        if kind == "user_pool":
            pool = cognito.UserPool(self.stack, self._id("Pool"))
            clients = [self._client(pool, name) for name in chosen.pop("clients", ["web"])]
            return AgentAuth.user_pool(pool, clients, **chosen)
        chosen.setdefault("discovery_url", "https://login.example.com/.well-known/openid-configuration")
        if kind == "lambda_authorizer":
            arn = "arn:aws:lambda:eu-west-1:111122223333:function:mine"
            handler = lambda_.Function.from_function_attributes(
                self.stack, self._id("Function"), function_arn=arn, same_environment=True
            )
            return AgentAuth.lambda_authorizer(handler, **chosen)
        return AgentAuth.oidc(**chosen) if kind == "oidc" else AgentAuth.iam(**chosen)

    def _client(self, pool: cognito.UserPool, name: str) -> cognito.IUserPoolClient:
        if name == "imported":
            return cognito.UserPoolClient.from_user_pool_client_id(self.stack, self._id("Client"), "web")
        if name == "elsewhere":
            return cognito.UserPool(self.stack, self._id("Foreign")).add_client("Client")
        if name == "web":
            return pool.add_client(self._id("Client"), disable_o_auth=True)
        invoke = cognito.ResourceServerScope(scope_name="invoke", scope_description="Call")
        server = pool.add_resource_server(self._id("Server"), identifier=self._id("agents"), scopes=[invoke])
        return pool.add_client(
            self._id("Client"),
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[cognito.OAuthScope.resource_server(server, invoke)],
            ),
        )

    def _endpoint(self, plan: Plan) -> ApiEndpoint:
        domain = self._or_none(self._domain, plan.get("domain"))
        if plan["kind"] == "private_api":
            endpoints = [
                ec2.InterfaceVpcEndpoint.from_interface_vpc_endpoint_attributes(
                    self.stack, self._id("Endpoint"), vpc_endpoint_id=f"vpce-0123456789abcdef{number}", port=443
                )
                for number in range(min(plan.get("vpc_endpoints", 1), 9))
            ]
            return ApiEndpoint.private_api(vpc_endpoints=endpoints)
        if plan["kind"] == "regional":
            return ApiEndpoint.regional(domain=domain)
        return ApiEndpoint.edge_optimized(max_idle=_duration(plan.get("max_idle")), domain=domain)

    def _domain(self, plan: Plan) -> CustomDomain:
        region = plan.get("region", "eu-west-1")
        arn = f"arn:aws:acm:{region}:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef"
        zone = None
        if plan.get("zone"):
            zone = route53.HostedZone.from_hosted_zone_attributes(
                self.stack, self._id("Zone"), hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
            )
        bucket = s3.Bucket.from_bucket_name(self.stack, self._id("Trust"), "certificates-of-ours")
        return CustomDomain(
            domain_name=plan.get("domain_name", "agents.example.com"),
            certificate=acm.Certificate.from_certificate_arn(self.stack, self._id("Certificate"), arn),
            hosted_zone=zone,
            base_path=plan.get("base_path"),
            mutual_tls=apigateway.MTLSConfig(bucket=bucket, key="ca.pem") if plan.get("mutual_tls") else None,
        )

    def _protection(self, plan: Plan) -> Protection:
        return Protection(
            firewall=self._or_none(_firewall, plan.get("firewall")),
            throttle=self._or_none(lambda limits: Throttle(**limits), plan.get("throttle")),
            api_keys=self._or_none(self._keys, plan.get("api_keys")),
            runtime_guard=self._or_none(self._guard, plan.get("runtime_guard")),
        )

    def _keys(self, plan: Plan) -> ApiKeys:
        existing = None
        if "existing" in plan:
            key = apigateway.ApiKey.from_api_key_id(self.stack, self._id("Key"), "abc123")
            existing = [key] if plan["existing"] else []
        quota = None
        if "quota" in plan:
            period = {"period": apigateway.Period[plan["quota"]["period"]]} if "period" in plan["quota"] else {}
            quota = apigateway.QuotaSettings(**(plan["quota"] | period))
        return ApiKeys(
            clients=plan.get("clients"),
            existing=existing,
            quota=quota,
            throttle=self._or_none(lambda limits: Throttle(**limits), plan.get("throttle")),
        )

    def _guard(self, plan: Plan) -> RuntimeGuard:
        if plan["kind"] == "private_path":
            link = apigateway.VpcLink.from_vpc_link_id(self.stack, self._id("Link"), "abc123")
            return RuntimeGuard.private_path(vpc_link=link, vpc=self._vpc())
        secret = None
        if plan.get("secret"):
            secret = secretsmanager.Secret.from_secret_name_v2(self.stack, self._id("Secret"), "gateway")
        return RuntimeGuard.shared_secret(secret=secret, version_id=plan.get("version_id"))

    def _vpc(self) -> ec2.IVpc:
        return ec2.Vpc.from_vpc_attributes(
            self.stack,
            self._id("Vpc"),
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=["eu-west-1a", "eu-west-1b"],
            private_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        )

    def _observability(self, plan: Plan) -> Observability:
        chosen = dict(plan)
        if chosen.pop("access_log_group", False):
            chosen["access_log_group"] = logs.LogGroup.from_log_group_name(self.stack, self._id("Log"), "ours")
        if "retention" in chosen:
            chosen["retention"] = logs.RetentionDays[chosen["retention"]]
        if "encryption_key" in chosen:
            arn = "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef"
            new = chosen["encryption_key"] == "new"
            name = self._id("Kms")
            chosen["encryption_key"] = (
                kms.Key(self.stack, name, enable_key_rotation=True)
                if new
                else kms.Key.from_key_arn(self.stack, name, arn)
            )
        for name in ("critical_topic", "warning_topic"):
            if chosen.pop(name, False):
                arn = "arn:aws:sns:eu-west-1:111122223333:alarms"
                chosen[name] = sns.Topic.from_topic_arn(self.stack, self._id("Topic"), arn)
        if "alarm_thresholds" in chosen:
            thresholds = dict(chosen["alarm_thresholds"])
            if "time_to_first_content" in thresholds:
                thresholds["time_to_first_content"] = _duration(thresholds["time_to_first_content"])
            chosen["alarm_thresholds"] = AlarmThresholds(**thresholds)
        return Observability(**chosen)

    def _runtime(self, plan: Plan) -> RuntimeOptions:
        chosen = dict(plan)
        if chosen.pop("execution_role", False):
            arn = "arn:aws:iam::111122223333:role/agent"
            chosen["execution_role"] = iam.Role.from_role_arn(self.stack, self._id("Role"), arn, mutable=False)
        if chosen.pop("network_configuration", False):
            group = ec2.SecurityGroup.from_security_group_id(self.stack, self._id("Group"), "sg-0123456789abcdef0")
            chosen["network_configuration"] = agentcore.RuntimeNetworkConfiguration.using_vpc(
                self.stack, vpc=self._vpc(), security_groups=[group]
            )
        lifecycle = {
            name: _duration(chosen.pop(short))
            for short, name in (("idle", "idle_runtime_session_timeout"), ("lifetime", "max_lifetime"))
            if short in chosen
        }
        if lifecycle:
            chosen["lifecycle_configuration"] = agentcore.LifecycleConfiguration(**lifecycle)
        return RuntimeOptions(**chosen)

    def _agent(self, plan: Plan) -> AgentSource:
        chosen = dict(plan)
        kind = chosen.pop("kind")
        if "python_runtime" in chosen:
            chosen["python_runtime"] = getattr(agentcore.AgentCoreRuntime, f"PYTHON_{chosen['python_runtime']}")
        if kind == "from_directory":
            return AgentSource.from_directory(str(self.folder), **chosen)
        if kind == "from_ecr_repository":
            repository = ecr.Repository.from_repository_name(self.stack, self._id("Repository"), "agent")
            return AgentSource.from_ecr_repository(repository, chosen.get("tag", "1"))
        if kind == "from_image_uri":
            return AgentSource.from_image_uri(chosen.get("uri", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1"))
        if kind == "from_s3":
            bucket = s3.Bucket.from_bucket_name(self.stack, self._id("Bucket"), "agents-of-ours")
            return AgentSource.from_s3(bucket, chosen.pop("key", "agent.zip"), **chosen)
        return AgentSource.from_existing_runtime(self._existing_runtime(chosen.get("imported", True)))

    def _existing_runtime(self, imported: bool) -> agentcore.IBedrockAgentRuntime:
        if not imported:  # without a JWT authorizer, as the CDK makes it
            return agentcore.Runtime(
                self.stack,
                self._id("Runtime"),
                agent_runtime_artifact=agentcore.AgentRuntimeArtifact.from_image_uri(
                    "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1"
                ),
            )
        return agentcore.Runtime.from_agent_runtime_attributes(
            self.stack,
            self._id("Runtime"),
            agent_runtime_arn="arn:aws:bedrock-agentcore:eu-west-1:111122223333:runtime/mine-0123456789",
            agent_runtime_id="mine-0123456789",
            agent_runtime_name="mine",
            agent_runtime_version="1",
            role_arn="arn:aws:iam::111122223333:role/agent",
        )


def _duration(milliseconds: int | None) -> Duration | None:
    """As a person would write it: in the largest unit that is whole."""
    if milliseconds is None:
        return None
    for unit, name in ((86_400_000, "days"), (3_600_000, "hours"), (60_000, "minutes"), (1000, "seconds")):
        if milliseconds and milliseconds % unit == 0:
            return (
                Duration.days(milliseconds // unit) if name == "days" else getattr(Duration, name)(milliseconds // unit)
            )
    return Duration.millis(milliseconds)


def _claim(plan: Plan) -> RequiredClaim:
    values: Sequence[str] = plan["values"]
    if plan["how"] == "list_contains_any":
        return RequiredClaim.list_contains_any(plan["name"], values)
    one = values[0] if values else ""
    return getattr(RequiredClaim, plan["how"])(plan["name"], one)


def _cors(plan: Plan) -> Cors:
    return Cors(
        allow_origins=plan["allow_origins"],
        allow_headers=plan.get("allow_headers"),
        max_age=_duration(plan.get("max_age")),
    )


def _firewall(plan: Plan) -> Firewall:
    if plan["kind"] == "disabled":
        return Firewall.disabled()
    if plan["kind"] == "managed":
        return Firewall.managed(requests_per_ip=plan.get("requests_per_ip"))
    arn = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/mine/0123"
    return Firewall.existing(plan.get("web_acl_arn", arn))
