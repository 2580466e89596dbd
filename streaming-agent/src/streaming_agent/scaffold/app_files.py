"""The CDK app: app.py, cdk.json, package.json and pyproject.toml."""

import json
import re

from .agent_files import requirements
from .choices import Auth, Choices, Model
from .data_files import data, web_files

CDK_CLI = "2.1148.1"
"""The last AWS CDK CLI that this was tried with; npm's newest may be of another line."""
_MODELS = {
    Model.BEDROCK: """# The profile of the geography that the stack's Region is in: us., eu., apac. and others.
MODEL = BedrockModel.inference_profile("us.amazon.nova-lite-v1:0")""",
    Model.OPENAI: 'MODEL = "gpt-5-mini"',
}


def app_files(choices: Choices) -> dict[str, str]:
    """By path in the project."""
    made = {
        "app.py": _app(choices),
        "cdk.json": json.dumps({"app": "uv run python app.py", **_context(choices)}, indent=2) + "\n",
        "package.json": json.dumps({"private": True, "devDependencies": {"aws-cdk": CDK_CLI}}, indent=2) + "\n",
        "pyproject.toml": _pyproject(choices),
    }
    if choices.web_chat:
        made["website.py"] = data("website.py.txt")
        made["findings.py"] = data("findings.py.txt")
        made |= {f"web/{name}": text for name, text in web_files().items()}
    return made


def _context(choices: Choices) -> dict[str, dict[str, str]]:
    match choices.auth:
        case Auth.OIDC:
            return {
                "context": {
                    "discovery_url": "https://login.example.com/.well-known/openid-configuration",
                    "audience": f"https://{choices.name.lower().replace('_', '-')}.example.com",
                }
            }
        case Auth.MACHINE:
            # Cognito refuses these words in a prefix (SAC063)
            words = re.split("[-_]+", re.sub("aws|amazon|cognito", "", choices.name.lower()))
            return {"context": {"domain_prefix": "-".join([*filter(None, words), "tokens"])}}
        case _:
            return {}


def _app(choices: Choices) -> str:
    openai = choices.model is Model.OPENAI
    names = {"AgentSource", "RuntimeOptions", "StreamingAgentApi"}
    imports = ["from aws_cdk import App, Stack"]
    before: list[str] = []
    arguments = ['agent=AgentSource.from_directory("agent")']
    after: list[str] = []
    environment = {"AWS_DEFAULT_REGION": "stack.region"}
    match choices.auth:
        case Auth.COGNITO if choices.web_chat:
            names |= {"AgentAuth", "Cors"}
            imports.append("from website import Website")
            before += [
                'website = Website(stack, "Website")',
                "# `streaming-agent local --web web` says here at which address it serves the page.",
                'origin = app.node.try_get_context("streaming-agent:web-origin") or website.origin',
            ]
            arguments += [
                'auth=AgentAuth.cognito(callback_urls=[f"{origin}/"], logout_urls=[f"{origin}/"])',
                "cors=Cors(allow_origins=[origin])",
            ]
            after.append('website.publish(Path(__file__).parent / "web", api)')
        case Auth.MACHINE:
            names |= {"AgentAuth", "SessionBinding", "TokenType"}
            imports.append("from aws_cdk import aws_cognito as cognito")
            before.append(_MACHINES)
            arguments += [
                'auth=AgentAuth.user_pool(pool, [program], token=TokenType.ACCESS, scopes=["agents/invoke"])',
                "# A machine has no user whose session it could be: each call gets one of its own.\n"
                "    session=SessionBinding.PER_REQUEST",
            ]
        case Auth.OIDC:
            names.add("AgentAuth")
            arguments.append(
                "auth=AgentAuth.oidc(\n"
                '        discovery_url=app.node.get_context("discovery_url"),\n'
                '        audiences=[app.node.get_context("audience")],\n'
                "    )"
            )
        case _:
            pass
    if openai:
        imports.append("from aws_cdk import aws_secretsmanager as secretsmanager")
        before += ["# Put your key into it once: README.md.", 'key = secretsmanager.Secret(stack, "OpenAiKey")']
        environment = {"AGENT_MODEL": "MODEL", **environment, "OPENAI_SECRET_ARN": "key.secret_arn"}
        after.append("key.grant_read(api.runtime.role)")
    else:
        names.add("BedrockModel")
        arguments.append("model=MODEL")
    variables = f"environment_variables={_dict(environment)}"
    arguments.append(f"runtime=RuntimeOptions({variables})" if len(environment) == 1 else _nested(variables))
    lines = [
        f'"""{choices.name}: an agent behind API Gateway and AgentCore, and who may call it."""\n',
        *(["from pathlib import Path\n"] if choices.web_chat else []),
        *sorted(imports, key=lambda line: line.split()[1]),
        f"\nfrom streaming_agent_construct import {_listed(sorted(names))}",
        f"\n{_MODELS[choices.model]}\n",
        "app = App()",
        f'stack = Stack(app, "{choices.stack}")',
        *before,
        "api = StreamingAgentApi(" if after else "StreamingAgentApi(",
        "    stack,",
        '    "Agent",',
        *(f"    {argument}," for argument in arguments),
        ")",
        *after,
        "app.synth()",
    ]
    return "\n".join(lines) + "\n"


def _dict(values: dict[str, str]) -> str:
    pairs = [f'"{name}": {value}' for name, value in values.items()]
    if len(pairs) == 1:
        return f"{{{', '.join(pairs)}}}"
    return "{\n" + "".join(f"            {pair},\n" for pair in pairs) + "        }"


def _nested(variables: str) -> str:
    return f"runtime=RuntimeOptions(\n        {variables}\n    )"


def _listed(names: list[str]) -> str:
    line = ", ".join(names)
    if len(line) <= 82:
        return line
    return "(\n" + "".join(f"    {name},\n" for name in names) + ")"


_MACHINES = """pool = cognito.UserPool(stack, "Machines", self_sign_up_enabled=False)
invoke = cognito.ResourceServerScope(scope_name="invoke", scope_description="Ask the agent")
server = pool.add_resource_server("Agents", identifier="agents", scopes=[invoke])
program = pool.add_client(
    "Program",
    generate_secret=True,
    # No flow for users: where none is named at all, Cognito opens three.
    auth_flows=cognito.AuthFlow(user_srp=False),
    o_auth=cognito.OAuthSettings(
        flows=cognito.OAuthFlows(client_credentials=True),
        scopes=[cognito.OAuthScope.resource_server(server, invoke)],
    ),
)
pool.add_domain(
    "Tokens",
    cognito_domain=cognito.CognitoDomainOptions(domain_prefix=app.node.get_context("domain_prefix")),
)"""


def _pyproject(choices: Choices) -> str:
    agents_own = "".join(f'    "{requirement}",\n' for requirement in requirements(choices))
    return f"""[project]
name = "{choices.name}"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = [
    "streaming-agent-construct[local]",
]

# What the tests and the local run need; the agent's own list is agent/pyproject.toml.
[dependency-groups]
dev = [
    "streaming-agent[client,local]",
{agents_own}    "mypy>=2,<3",
    "pytest>=9,<10",
    "ruff>=0.17,<0.18",
]

[tool.uv]
package = false

[tool.ruff]
line-length = 120

[tool.ruff.lint]
select = ["B", "E", "F", "I", "UP"]

[tool.ruff.lint.isort]
known-first-party = ["streaming_agent_construct"]
known-third-party = ["agent", "model", "scripted_model", "streaming_agent", "website", "findings"]

[tool.mypy]
files = ["app.py", "agent", "tests"]
mypy_path = "agent"
explicit_package_bases = true
ignore_missing_imports = true

# Its stubs take longer to read than everything else together; the CDK checks its arguments at synthesis.
[[tool.mypy.overrides]]
module = ["aws_cdk.*", "jsii.*"]
follow_imports = "skip"

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["agent"]
"""
