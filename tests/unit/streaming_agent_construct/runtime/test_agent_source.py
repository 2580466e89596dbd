"""Where the agent's code comes from: what each source becomes, and what a wrong one is told."""

from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Aws, Stack
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from streaming_agent_construct import AgentSource, RuntimeOptions, StreamingAgentApi

from ..conftest import Refused, agent_folder
from ..templates import flat, only, post_method, resources, warnings

IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/agent:1.4.2"
DIGEST = f"sha256:{'0a' * 32}"


def _artifact(stack: Stack) -> dict[str, Any]:
    artifact: dict[str, Any] = only(stack, "AWS::BedrockAgentCore::Runtime")["AgentRuntimeArtifact"]
    return artifact


def _statements(stack: Stack) -> list[dict[str, Any]]:
    policies = resources(stack, "AWS::IAM::Policy").values()
    return [s for policy in policies for s in policy["Properties"]["PolicyDocument"]["Statement"]]


def _actions(stack: Stack) -> set[str]:
    found: set[str] = set()
    for statement in _statements(stack):
        action = statement["Action"]
        found |= set(action if isinstance(action, list) else [action])
    return found


# ---------------------------------------------------------------- a folder
def test_a_folder_becomes_a_code_artifact(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    code = _artifact(stack)["CodeConfiguration"]
    assert code["Runtime"] == "PYTHON_3_13"
    assert code["EntryPoint"] == ["agent.py"]
    assert code["Code"]["S3"]["Prefix"].endswith(".zip")


def test_main_py_is_found_where_there_is_no_agent_py(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("", encoding="utf-8")
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory(str(tmp_path)))
    assert _artifact(stack)["CodeConfiguration"]["EntryPoint"] == ["main.py"]


def test_the_entry_point_and_the_python_version_are_yours(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "serve.py").write_text("", encoding="utf-8")
    source = AgentSource.from_directory(
        str(tmp_path), entrypoint="serve.py", python_runtime=agentcore.AgentCoreRuntime.PYTHON_3_12
    )
    StreamingAgentApi(stack, "Agent", agent=source)
    code = _artifact(stack)["CodeConfiguration"]
    assert (code["EntryPoint"], code["Runtime"]) == (["serve.py"], "PYTHON_3_12")


@pytest.mark.parametrize("written", ["opentelemetry-instrument agent.py", " opentelemetry-instrument  agent.py "])
def test_a_command_may_start_the_entry_file(stack: Stack, tmp_path: Path, written: str) -> None:
    source = AgentSource.from_directory(str(agent_folder(tmp_path)), entrypoint=written)
    StreamingAgentApi(stack, "Agent", agent=source)
    assert _artifact(stack)["CodeConfiguration"]["EntryPoint"] == ["opentelemetry-instrument", "agent.py"]


def test_a_file_whose_name_has_a_blank_is_a_file(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "my agent.py").write_text("", encoding="utf-8")
    source = AgentSource.from_directory(str(tmp_path), entrypoint="my agent.py")
    StreamingAgentApi(stack, "Agent", agent=source)
    assert _artifact(stack)["CodeConfiguration"]["EntryPoint"] == ["my agent.py"]


def test_an_entry_point_of_three_words_is_refused(tmp_path: Path, refused: Refused) -> None:
    folder = agent_folder(tmp_path)
    (folder / "b.py").write_text("", encoding="utf-8")
    with refused("SAC188", "expected a file, or a command and a file, got 'python -u agent.py'"):
        AgentSource.from_directory(str(folder), entrypoint="python -u agent.py")
    with refused("SAC011", "there is no file 'other.py'"):
        AgentSource.from_directory(str(folder), entrypoint="opentelemetry-instrument other.py")


@pytest.mark.parametrize("entrypoint", ["", " ", "\t"])
def test_an_entry_point_without_a_word_is_refused(
    stack: Stack, tmp_path: Path, refused: Refused, entrypoint: str
) -> None:
    with refused("SAC011", "expected the file that starts the server", "write it as 'agent.py'"):
        AgentSource.from_directory(str(agent_folder(tmp_path)), entrypoint=entrypoint)
    with refused("SAC011", "expected the file that starts the server", "write it as 'agent.py'"):
        AgentSource.from_s3(s3.Bucket.from_bucket_name(stack, "Bucket", "agents"), "a.zip", entrypoint=entrypoint)


@pytest.mark.parametrize(
    "file", ["../out.py", "app/../../out.py", "/out.py", "..\\out.py", "C:\\out.py", "C:/out.py", "agent.py/"]
)
@pytest.mark.parametrize("command", ["", "opentelemetry-instrument "])
def test_an_entry_file_outside_of_the_package_is_refused(
    stack: Stack, tmp_path: Path, refused: Refused, command: str, file: str
) -> None:
    folder = agent_folder(tmp_path)
    (tmp_path / "out.py").write_text("", encoding="utf-8")
    with refused("SAC011", f"expected a file inside the agent's package, got '{file}'; write its path from"):
        AgentSource.from_directory(str(folder), entrypoint=f"{command}{file}")
    with refused("SAC011", f"expected a file inside the agent's package, got '{file}'; write its path from"):
        bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "agents")
        AgentSource.from_s3(bucket, "a.zip", entrypoint=f"{command}{file}")


def test_a_zip_with_node_names_its_entry_file(stack: Stack, refused: Refused) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "agents")
    node = agentcore.AgentCoreRuntime.NODE_22
    with refused("SAC011", "with the runtime NODE_22, got none; name it, as in entrypoint='server.js'"):
        AgentSource.from_s3(bucket, "agent.zip", python_runtime=node)
    source = AgentSource.from_s3(bucket, "agent.zip", entrypoint="server.js", python_runtime=node)
    StreamingAgentApi(stack, "Agent", agent=source)
    assert _artifact(stack)["CodeConfiguration"]["EntryPoint"] == ["server.js"]


def test_a_zips_entry_point_may_have_a_command(stack: Stack) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "agents")
    source = AgentSource.from_s3(bucket, "agent.zip", entrypoint="opentelemetry-instrument agent.py")
    StreamingAgentApi(stack, "Agent", agent=source)
    assert _artifact(stack)["CodeConfiguration"]["EntryPoint"] == ["opentelemetry-instrument", "agent.py"]


def test_secrets_and_caches_stay_behind(tmp_path: Path) -> None:
    """`__pycache__` in an asset changes its hash, and .env would be uploaded."""
    folder = agent_folder(tmp_path)
    app = App(outdir=str(tmp_path / "out"), context={"aws:cdk:bundling-stacks": []})
    for name in (".env", "__pycache__/x.pyc", ".venv/pyvenv.cfg", ".git/config", "kept.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    StreamingAgentApi(Stack(app, "Test"), "Agent", agent=AgentSource.from_directory(str(folder)))
    app.synth()
    asset = next((tmp_path / "out").glob("asset.*"))
    assert sorted(path.name for path in asset.iterdir()) == ["agent.py", "kept.txt"]


@pytest.mark.native_only  # through jsii the folder of the other process counts
def test_a_relative_path_starts_where_python_is_now(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory("agent"))
    assert only(stack, "AWS::BedrockAgentCore::Runtime")["AgentRuntimeArtifact"]["CodeConfiguration"]


def test_a_missing_folder_is_refused(tmp_path: Path, refused: Refused) -> None:
    with refused("SAC010", "there is no agent folder 'agnet' in ", "from_directory"):
        AgentSource.from_directory("agnet")


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path, refused: Refused) -> None:
    file = agent_folder(tmp_path) / "agent.py"
    with refused("SAC010", f"cannot be the file '{file}'", "the folder that it is in", "entrypoint='...'"):
        AgentSource.from_directory(str(file))


def test_a_missing_entry_file_is_refused(tmp_path: Path, refused: Refused) -> None:
    with refused("SAC011", "there is no file 'agent.py' in the agent folder", "entrypoint='...'"):
        AgentSource.from_directory(str(tmp_path))
    with refused("SAC011", "no file 'serve.py'"):
        AgentSource.from_directory(str(agent_folder(tmp_path)), entrypoint="serve.py")


@pytest.mark.parametrize("name", ["x" * 5000, "agent\0.py", "agent.py/agent.py"])
def test_a_path_that_no_file_can_have_is_refused(tmp_path: Path, refused: Refused, name: str) -> None:
    folder = agent_folder(tmp_path)
    with refused("SAC010", "there is no agent folder"):
        AgentSource.from_directory(f"{folder}/{name}")
    with refused("SAC011", "there is no file"):
        AgentSource.from_directory(str(folder), entrypoint=name)
    with refused("SAC013", "there is no Dockerfile"):
        AgentSource.from_dockerfile(f"{folder}/{name}")


def test_a_folder_of_another_language_is_refused(tmp_path: Path, refused: Refused) -> None:
    with refused("SAC012", "got the runtime NODE_22", "from_dockerfile"):
        AgentSource.from_directory(str(agent_folder(tmp_path)), python_runtime=agentcore.AgentCoreRuntime.NODE_22)


# ---------------------------------------------------------------- an image
def test_a_dockerfile_is_built_for_arm64(stack: Stack, tmp_path: Path, app: App) -> None:
    """AgentCore runs arm64 alone; Docker builds for the machine it is on unless told."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_dockerfile(str(tmp_path)))
    assembly = app.synth()
    manifest = Path(assembly.directory, "Test.assets.json").read_text(encoding="utf-8")
    assert '"platform": "linux/arm64"' in manifest


def test_a_folder_without_a_dockerfile_is_refused(tmp_path: Path, refused: Refused) -> None:
    with refused("SAC013", "there is no Dockerfile in", "from_directory"):
        AgentSource.from_dockerfile(str(tmp_path))


def test_an_image_in_a_repository_may_be_pulled(stack: Stack) -> None:
    repository = ecr.Repository(stack, "Repository")
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_ecr_repository(repository, "1.4.2"))
    assert ":1.4.2" in str(_artifact(stack)["ContainerConfiguration"]["ContainerUri"])
    assert "ecr:BatchGetImage" in _actions(stack)


def test_an_image_by_address_may_be_pulled(stack: Stack) -> None:
    """The CDK's runtime has no ECR permission with from_image_uri."""
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_image_uri(IMAGE))
    pull = next(s for s in _statements(stack) if "ecr:BatchGetImage" in s["Action"])
    assert flat(pull["Resource"]) == "arn:{AWS::Partition}:ecr:eu-west-1:123456789012:repository/team/agent"
    assert "ecr:GetAuthorizationToken" in _actions(stack)


def test_an_address_known_at_deployment_alone_is_warned_about(stack: Stack) -> None:
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_image_uri(f"{Aws.ACCOUNT_ID}.dkr.ecr/x:1"))
    assert "not allowed to pull it" in warnings(stack)


@pytest.mark.parametrize("image", ["agent:1.4.2", "team/my-agent:v1", f"agent@{DIGEST}", f"agent:1.4.2@{DIGEST}"])
@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1"])
def test_an_address_of_ecr_is_taken(region: str, image: str) -> None:
    AgentSource.from_image_uri(f"123456789012.dkr.ecr.{region}.amazonaws.com/{image}")


ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
OTHER_HOST = "CloudFormation takes ECR's host <account's 12 digits>.dkr.ecr.<region>.amazonaws.com alone"


@pytest.mark.parametrize(
    ("uri", "fault"),
    [
        ("agent:latest", "private repositories of ECR alone"),
        ("docker.io/team/agent:1", "private repositories of ECR alone"),
        ("public.ecr.aws/team/agent:1", "public.ecr.aws is ECR's public registry"),
        ("123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/agent:1", OTHER_HOST),
        ("123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/agent:1", OTHER_HOST),
        ("123456789012.dkr-ecr.us-east-1.on.aws/agent:1", OTHER_HOST),
        ("1234.dkr.ecr.us-east-1.amazonaws.com/agent:1", OTHER_HOST),
        (f"https://{ECR}/agent:1", "leave out 'https://'"),
        (f"{ECR}/agent", "it has neither a tag nor a digest, so write 'agent:' and the tag"),
        (f"{ECR}/agent@sha256:abc", "a digest is 'sha256:' and 64"),
        (f"{ECR}/agent:1@{DIGEST[:-1]}", "a digest is 'sha256:' and 64"),
        (f"{ECR}/agent:", "a tag is letters"),
        (f"{ECR}/agent:1.4.2 ", "a tag is letters"),
        (f"{ECR}/agent:-1@{DIGEST}", "a tag is letters"),
        (f"{ECR}/Agent:1", "a repository's name is of small letters"),
        (f"{ECR}/:1", "a repository's name is of small letters"),
        (ECR, "a repository's name is of small letters"),
    ],
)
def test_an_address_is_refused_for_what_is_wrong_with_it(uri: str, fault: str, refused: Refused) -> None:
    with refused("SAC017", f"got '{uri}'", fault):
        AgentSource.from_image_uri(uri)


# ---------------------------------------------------------------- a zip
def test_a_zip_in_a_bucket_may_be_read_with_its_key(stack: Stack) -> None:
    bucket = s3.Bucket(stack, "Bucket", encryption_key=kms.Key(stack, "Key"))
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_s3(bucket, "agents/1.zip"))
    code = _artifact(stack)["CodeConfiguration"]
    assert code["Code"]["S3"]["Prefix"] == "agents/1.zip"
    assert {"s3:GetObject", "kms:Decrypt"} <= _actions(stack)


# ---------------------------------------------------------------- a runtime
def _imported(stack: Stack) -> agentcore.IBedrockAgentRuntime:
    return agentcore.Runtime.from_agent_runtime_attributes(
        stack,
        "Imported",
        agent_runtime_arn="arn:aws:bedrock-agentcore:eu-central-1:210987654321:runtime/agent-abc",
        agent_runtime_id="agent-abc",
        agent_runtime_name="agent",
        role_arn="arn:aws:iam::210987654321:role/agent",
    )


def test_an_existing_runtime_is_called_where_it_is(stack: Stack) -> None:
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_existing_runtime(_imported(stack)))
    integration = post_method(stack)["Integration"]
    assert flat(integration["Uri"]) == (
        "https://bedrock-agentcore.eu-central-1.{AWS::URLSuffix}/runtimes/agent-abc/invocations"
    )
    assert integration["RequestParameters"]["integration.request.querystring.accountId"] == "'210987654321'"
    assert resources(stack, "AWS::BedrockAgentCore::Runtime") == {}


def test_what_an_existing_runtime_must_take_is_said(stack: Stack) -> None:
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_existing_runtime(_imported(stack)))
    assert "see that it takes ID tokens of this pool: AllowedAudience" in warnings(stack)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:bedrock:eu-west-1:111122223333:agent/ABCDEFGHIJ",
        "arn:aws:bedrock-agentcore:eu-west-1:111122223333:runtime/agent-0123456789/runtime-endpoint/DEFAULT",
    ],
)
def test_an_arn_of_no_runtime_is_refused(stack: Stack, refused: Refused, arn: str) -> None:
    runtime = agentcore.Runtime.from_agent_runtime_attributes(
        stack,
        "Existing",
        agent_runtime_arn=arn,
        agent_runtime_id="agent-0123456789",
        agent_runtime_name="agent",
        role_arn="arn:aws:iam::111122223333:role/agent",
    )
    with refused("SAC193", f"expected 'arn:aws:bedrock-agentcore:<region>:<account>:runtime/<id>', got '{arn}'"):
        StreamingAgentApi(stack, "Agent", agent=AgentSource.from_existing_runtime(runtime))


def test_an_existing_runtime_that_takes_iam_alone_is_refused(stack: Stack, refused: Refused) -> None:
    artifact = agentcore.AgentRuntimeArtifact.from_image_uri(IMAGE)
    runtime = agentcore.Runtime(stack, "Existing", agent_runtime_artifact=artifact)
    with refused("SAC019", "takes only IAM signatures", "give it a JWT authorizer"):
        StreamingAgentApi(stack, "Agent", agent=AgentSource.from_existing_runtime(runtime))


def test_options_for_an_existing_runtime_are_refused(stack: Stack, refused: Refused) -> None:
    with refused("SAC025", "keeps its own", "expected only qualifier or live_version, got description, tags;"):
        StreamingAgentApi(
            stack,
            "Agent",
            agent=AgentSource.from_existing_runtime(_imported(stack)),
            runtime=RuntimeOptions(description="mine", tags={"team": "blue"}, qualifier="live"),
        )


@pytest.mark.parametrize("tag", ["", "a b", "-1", "x" * 129, "sha256:abc"])
def test_a_tag_that_no_image_has_is_refused(stack: Stack, tag: str, refused: Refused) -> None:
    repository = ecr.Repository.from_repository_name(stack, "Repository", "agent")
    with refused("SAC018", f"got '{tag}'"):
        AgentSource.from_ecr_repository(repository, tag)


def test_a_zip_without_a_name_is_refused(stack: Stack, refused: Refused) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "agents")
    with refused("SAC009", "key is empty"):
        AgentSource.from_s3(bucket, "")
