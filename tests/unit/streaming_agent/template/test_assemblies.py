"""Cloud assemblies as the real CDK writes them: stacks, stages, nested stacks and assets."""

from pathlib import Path

import pytest
from aws_cdk import App, CfnOutput, Environment, NestedStack, Stack, Stage
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_sqs as sqs
from streaming_agent.template import StackTemplate, TemplateSet

QUEUE = "AWS::SQS::Queue"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assembly")
    (folder / "code").mkdir()
    (folder / "code" / "agent.py").write_text("print()")
    app = App(outdir=str(folder / "cdk.out"))
    anywhere = Stack(app, "Anywhere", stack_name="named")
    s3_assets.Asset(anywhere, "Code", path=str(folder / "code"))
    inner = NestedStack(anywhere, "Inner")
    queue = sqs.Queue(inner, "Queue")
    CfnOutput(anywhere, "Below", value=queue.queue_arn)
    there = Stack(Stage(app, "Prod"), "There", env=Environment(account="210987654321", region="eu-west-1"))
    sqs.Queue(there, "Queue", queue_name=f"{there.stack_name}-{there.region}")
    app.synth()
    return folder / "cdk.out"


@pytest.fixture(scope="module")
def templates(folder: Path) -> TemplateSet:
    return TemplateSet.read(folder)


def named(templates: TemplateSet, name: str) -> StackTemplate:
    return next(stack for stack in templates.stacks if stack.name == name)


def test_stacks_of_stages_and_nested_ones_are_found(templates: TemplateSet) -> None:
    roots = {stack.name for stack in templates.stacks if stack.parent is None}
    assert roots == {"named", "Prod-There"}
    (inner,) = [stack for stack in templates.stacks if stack.parent is not None]
    assert inner.parent is named(templates, "named")


def test_an_environment_is_known_or_not(templates: TemplateSet) -> None:
    anywhere, there = named(templates, "named"), named(templates, "Prod-There")

    assert (anywhere.account, anywhere.region) == (None, None)
    assert (there.account, there.region) == ("210987654321", "eu-west-1")
    (queue,) = [one for one in templates.view().resources(QUEUE) if one.stack is there]
    assert queue.get("QueueName") == "Prod-There-eu-west-1"
    assert templates.view().read(there, {"Fn::Sub": "${AWS::Partition} ${AWS::URLSuffix}"}, ()) == "aws amazonaws.com"


def test_an_output_of_a_nested_stack_is_the_resource_in_it(templates: TemplateSet) -> None:
    view = templates.view()
    queue = view.resource(view.output(named(templates, "named"), "Below"))

    assert queue is not None
    assert (queue.type, queue.stack.parent) == (QUEUE, named(templates, "named"))
    assert queue.construct_path == "Anywhere/Inner/Queue/Resource"


def test_an_assets_folder_is_found_by_the_key_that_the_template_names(templates: TemplateSet) -> None:
    assets = named(templates, "named").assets
    (code,) = [path for key, path in assets.items() if key.endswith(".zip")]

    assert (code / "agent.py").is_file()


def test_a_relative_path_means_the_same_from_another_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    relative = TemplateSet.read(Path("cdk.out").resolve())
    monkeypatch.chdir("/")

    assert all(path.exists() for path in named(relative, "named").assets.values())


def test_a_manifest_with_a_byte_order_mark_is_read(folder: Path, tmp_path: Path) -> None:
    for file in folder.glob("*.json"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8-sig")
    (tmp_path / "assembly-Prod").mkdir()
    for file in (folder / "assembly-Prod").glob("*.json"):
        (tmp_path / "assembly-Prod" / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-16")

    assert {stack.name for stack in TemplateSet.read(tmp_path).stacks} >= {"named", "Prod-There"}


def test_templates_that_are_deployed_one_by_one_find_each_others_exports(tmp_path: Path) -> None:
    (tmp_path / "data.yaml").write_text(
        "Resources: {Queue: {Type: AWS::SQS::Queue}}\n"
        "Outputs: {Queue: {Value: !Ref Queue, Export: {Name: !Sub '${AWS::StackName}-queue'}}}\n"
    )
    (tmp_path / "app.yaml").write_text(
        "Parameters: {Data: {Type: String, Default: data}}\n"
        "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"
        "    Properties: {TopicName: !ImportValue {'Fn::Sub': '${Data}-queue'}}\n"
    )
    view = TemplateSet.read_together([tmp_path / "app.yaml", tmp_path / "data.yaml"]).view()
    (topic,) = view.resources("AWS::SNS::Topic")
    found = view.resource(topic.get("TopicName"))

    assert found is not None
    assert (found.type, found.stack.name) == (QUEUE, "data")


def test_a_template_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text("Resources: {}\n")
    (tmp_path / "again.yaml").symlink_to(tmp_path / "app.yaml")
    named = [tmp_path / "app.yaml", tmp_path / "." / "app.yaml", tmp_path / "again.yaml"]
    assert len(TemplateSet.read_together(named).stacks) == 1
