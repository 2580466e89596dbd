"""What people and programs read first: README.md, AGENTS.md, .gitignore and the pipeline."""

from .app_files import CDK_CLI
from .choices import Auth, Choices, Framework, Model, Pipeline


def page_files(choices: Choices) -> dict[str, str]:
    """By path in the project."""
    made = {"README.md": _readme(choices), "AGENTS.md": _agents(), ".gitignore": _GITIGNORE}
    if choices.pipeline is Pipeline.GITHUB:
        made[".github/workflows/deploy.yml"] = _WORKFLOW
    return made


_GITIGNORE = """.venv/
__pycache__/
.mypy_cache/
.pytest_cache/
.ruff_cache/
.streaming-agent/
cdk.out/
node_modules/
outputs.json
.env
"""

_FRAMEWORKS = {
    Framework.PLAIN: "plain Python",
    Framework.STRANDS: "[Strands Agents](https://strandsagents.com)",
    Framework.LANGGRAPH: "[LangGraph](https://langchain-ai.github.io/langgraph/)",
    Framework.OPENAI_AGENTS: "the [OpenAI Agents SDK](https://openai.github.io/openai-agents-python/)",
    Framework.PYDANTIC_AI: "[Pydantic AI](https://ai.pydantic.dev)",
}
_CALLERS = {
    Auth.COGNITO: "people sign in to a Cognito user pool that the stack makes",
    Auth.MACHINE: "programs come with client credentials of a Cognito user pool that the stack makes",
    Auth.OIDC: "people sign in at your OpenID provider, which `cdk.json` names",
}

_BEFORE = {
    Auth.COGNITO: "",
    Auth.MACHINE: """
First write a `domain_prefix` of your own in `cdk.json`: it is unique among all AWS accounts of a region.
""",
    Auth.OIDC: """
First write your provider's `discovery_url` and `audience` in `cdk.json`.
""",
}
_ASKING = {
    Auth.COGNITO: """aws cognito-idp admin-create-user --user-pool-id <UserPoolId> --username you@example.com
uv run streaming-agent chat "Hello" --outputs outputs.json --username you@example.com
""",
    Auth.MACHINE: """export STREAMING_AGENT_CLIENT_SECRET=$(aws cognito-idp describe-user-pool-client \\
  --user-pool-id <UserPoolId> --client-id <UserPoolClientId> --query UserPoolClient.ClientSecret --output text)
uv run streaming-agent chat "Hello" --outputs outputs.json --token-type access \\
  --sign-in-url https://<domain_prefix>.auth.<region>.amazoncognito.com
""",
    Auth.OIDC: """export STREAMING_AGENT_TOKEN=<a token of your provider>
uv run streaming-agent chat "Hello" --outputs outputs.json
""",
}


def _readme(choices: Choices) -> str:
    web = (
        "| `web/`, `website.py` | the chat page, and the bucket and CloudFront that serve it |\n"
        if choices.web_chat
        else ""
    )
    web_run = "uv run streaming-agent local --web web --env AGENT_MODEL=scripted   # the chat page, in the browser\n"
    openai = """
The key for OpenAI is a secret of the stack. Put it there once, after the first deployment:

```sh
aws secretsmanager put-secret-value --secret-id <the secret's ARN> --secret-string sk-...
```
"""
    return f"""# {choices.name}

An agent in {_FRAMEWORKS[choices.framework]} that streams its answers, behind API Gateway and Amazon Bedrock AgentCore;
{_CALLERS[choices.auth]}.

| file | what it is |
| --- | --- |
| `agent/agent.py` | the agent; `agent/pyproject.toml` says what it needs |
| `agent/model.py` | which model answers |
| `app.py` | the CDK app: the agent behind its API |
{web}| `tests/` | the template, the agent, and a local run |

## Run it here

No AWS account is needed. The scripted model says a fixed text; leave `--env` out to ask the real one with your
credentials.

```sh
uv sync
uv run streaming-agent local --env AGENT_MODEL=scripted
uv run streaming-agent chat "Hello"     # in another terminal, in this folder
{web_run if choices.web_chat else ""}```

## Test it

```sh
uv run pytest
uv run ruff check . && uv run ruff format --check . && uv run mypy
```

The first run writes `tests/template.json`: commit it.

## Deploy it
{_BEFORE[choices.auth]}
```sh
npm install
npx cdk bootstrap                       # once for each account and region
npx cdk deploy --outputs-file outputs.json
{_ASKING[choices.auth]}```
{openai if choices.model is Model.OPENAI else ""}"""


def _agents() -> str:
    return f"""# For coding agents

- The agent is `agent/agent.py`, on `streaming_agent`. It yields text and the notices `Tool`, `Source`, `Thinking`,
  `Usage` and `Data`; never a framework's own events.
- AgentCore starts all sessions from one snapshot of the imported module. Make agents, sessions, keys, ids and times in
  the call or under `@app.on_session_start`, never at import; imports and models belong at import.
- `app.py` is an AWS CDK app. After a change of it delete `tests/template.json`, run the tests, and look at the diff.
- The CDK CLI is pinned in `package.json` ({CDK_CLI}): `npx cdk ...`.
- Before you commit: `uv run pytest`, `uv run ruff check .`, `uv run ruff format .`, `uv run mypy`.
- `uv run streaming-agent local --env AGENT_MODEL=scripted` runs it, `uv run streaming-agent chat "Hello"` asks it.
"""


_WORKFLOW = """name: deploy
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
  id-token: write # signs in to AWS without a stored key
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: astral-sh/setup-uv@v7
      - run: uv sync
      - run: uv run ruff check . && uv run ruff format --check . && uv run mypy
      - run: uv run pytest
  deploy:
    needs: test
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    environment: production # its variables: AWS_ROLE_ARN and AWS_REGION
    steps:
      - uses: actions/checkout@v5
      - uses: astral-sh/setup-uv@v7
      - uses: actions/setup-node@v6
        with: { node-version: 24 }
      - uses: aws-actions/configure-aws-credentials@v5
        with:
          role-to-assume: ${{ vars.AWS_ROLE_ARN }}
          aws-region: ${{ vars.AWS_REGION }}
      - run: uv sync
      - run: npm install
      - run: npx cdk deploy --require-approval never
"""
