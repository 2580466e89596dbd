"""Cloud assemblies as the real CDK writes them."""

from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack, Stage
from aws_cdk import aws_s3_assets as s3_assets
from streaming_agent.template import Assembly


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    folder = tmp_path_factory.mktemp("assembly")
    (folder / "code").mkdir()
    (folder / "code" / "agent.py").write_text("print()")
    app = App(outdir=str(folder / "cdk.out"))
    s3_assets.Asset(Stack(app, "Anywhere", stack_name="named"), "Code", path=str(folder / "code"))
    Stack(Stage(app, "Prod"), "There", env=Environment(account="210987654321", region="eu-west-1"))
    app.synth()
    return Assembly(folder / "cdk.out")


def test_stacks_of_stages_are_found_too(assembly: Assembly) -> None:
    assert {stack.name for stack in assembly.stacks} == {"named", "Prod-There"}


def test_an_environment_is_known_or_not(assembly: Assembly) -> None:
    anywhere, there = assembly.stack("named"), assembly.stack("Prod-There")

    assert (anywhere.account, anywhere.region) == (None, None)
    assert (there.account, there.region) == ("210987654321", "eu-west-1")


def test_an_assets_folder_is_found_by_the_key_that_the_template_names(assembly: Assembly) -> None:
    assets = assembly.stack("named").assets

    (folder,) = [path for key, path in assets.items() if key.endswith(".zip")]
    assert (folder / "agent.py").is_file()


def test_a_relative_path_means_the_same_from_another_folder(
    assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(assembly.folder.parent)
    relative = Assembly(Path("cdk.out"))
    monkeypatch.chdir("/")

    assert all(path.exists() for path in relative.stack("named").assets.values())
