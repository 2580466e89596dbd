"""The lines of requirement files, as pip and uv read them: none is lost, and what is not read is refused."""

import hashlib
import subprocess
from pathlib import Path

import pytest
from streaming_agent.packager.addresses import comes_as_source

from .conftest import Pack, Refused, modules
from .packages import project, wheel, write

OFFLINE = "--no-index\n--find-links wheels\n"


def _repository(folder: Path) -> Path:
    author = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "-A"], [*author, "commit", "-q", "-m", "a"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize(
    "text",
    [
        "# kept in C:\\wheels\\\ngeometry\nlegend\n",
        "geometry # from C:\\wheels\\\nlegend\n",
        "geometry \\\n  # the oldest \\\nlegend\n",
        "geometry \\\n  ==1.0\nlegend\\",
        "geometry\rlegend\r",
    ],
)
def test_a_comment_never_goes_on_in_the_next_line(agent: Path, pack: Pack, text: str) -> None:
    wheel(agent / "wheels", "geometry")
    wheel(agent / "wheels", "legend")
    write(agent, requirements_txt=OFFLINE)
    with (agent / "requirements.txt").open("a", encoding="utf-8", newline="") as file:
        file.write(text)
    assert {"geometry.py", "legend.py"} <= modules(pack(agent))


@pytest.mark.parametrize("required", ["prices", "geometry"])
def test_a_constraint_may_name_a_folder(agent: Path, pack: Pack, required: str) -> None:
    wheel(agent / "wheels", "geometry")
    project(agent / "prices", "prices")
    constraints = f"prices @ file://{agent}/prices\ngeometry==1.0\n"
    write(agent, requirements_txt=f"{OFFLINE}-c limits.txt\n{required}\n", limits_txt=constraints)
    made = modules(pack(agent))
    assert ("prices/__init__.py" in made) is (required == "prices")
    assert ("geometry.py" in made) is (required == "geometry")


def test_a_file_at_an_address_is_read(agent: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    write(agent, requirements_txt="-r http://127.0.0.1:9/more.txt\n")
    refused("SAC015", agent, "http://127.0.0.1:9/more.txt", "cannot be reached")


@pytest.mark.parametrize(
    "line",
    [
        "./${PRICES}",
        "-e ${PRICES}",
        "prices @ file://${HERE}/prices",
        "prices @ file://${PROJECT_ROOT}/prices",
        "-r ${MORE}",
    ],
)
def test_a_variable_in_a_path_is_the_environments(
    agent: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    project(agent / "prices", "prices")
    for name, value in (("PRICES", "prices"), ("HERE", str(agent)), ("MORE", "more.in")):
        monkeypatch.setenv(name, value)
    write(agent, requirements_txt=f"{line}\n", more_in="./prices\n")
    assert "prices/__init__.py" in modules(pack(agent))


@pytest.mark.parametrize(
    "line", ["prices @ file://{agent}/all#subdirectory=prices", "-e file:all#egg=prices&subdirectory=prices"]
)
def test_a_package_below_the_address(agent: Path, pack: Pack, line: str) -> None:
    project(agent / "all" / "prices", "prices")
    write(agent, requirements_txt=f"{line.format(agent=agent)}\n")
    assert "prices/__init__.py" in modules(pack(agent))


@pytest.mark.parametrize("line", ["prices @ git+file://{place}", "-e git+file://{place}#egg=prices", "./lib"])
def test_a_package_from_a_repository_is_built(agent: Path, pack: Pack, line: str) -> None:
    place = _repository(project(agent.parent / "repository", "prices"))
    project(agent / "lib", "lib", dependencies=f'"prices @ git+file://{place}"')
    write(agent, requirements_txt=f"{line.format(place=place)}\n")
    assert "prices/__init__.py" in modules(pack(agent))


def test_so_is_one_that_a_project_names(agent: Path, pack: Pack) -> None:
    place = _repository(project(agent.parent / "repository", "prices"))
    dependencies = f'dependencies = ["prices @ git+file://{place}"]'
    write(agent, pyproject_toml=f'[project]\nname = "a"\nversion = "1"\n{dependencies}\n')
    assert "prices/__init__.py" in modules(pack(agent))


def test_one_that_only_another_package_names_is_said(agent: Path, refused: Refused) -> None:
    inner = _repository(project(agent.parent / "inner", "prices"))
    outer = _repository(project(agent.parent / "outer", "shop", dependencies=f'"prices @ git+file://{inner}"'))
    write(agent, requirements_txt=f"shop @ git+file://{outer}\n")
    refused("SAC015", agent, "'prices' comes as source", "add the line 'prices @ …'")


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        ("prices @ git+https://host.example/a/b.git@v1", "prices"),
        ("-e git+ssh://git@host.example/a/prices.git@feature/x", "prices"),
        ("git+https://host.example/a/prices", "prices"),
        ("--editable=git+https://host.example/a/prices.git", "prices"),
        ("git+https://host.example/a/b.git#egg=prices&subdirectory=x", "prices"),
        ("prices[fast] @ https://host.example/p-1.0.tar.gz ; python_version > '3'", "prices"),
        ("https://host.example/prices-1.0.tar.gz --hash=sha256:00", "prices"),
        ("https://host.example/my-prices-v2.1.zip", "my-prices"),
        ("https://host.example/prices-1.0-py3-none-any.whl#sha256=00", None),
        ("prices @ https://host.example/prices-1.0-py3-none-any.whl ; python_version > '3'", None),
        ("git+https://user:a://user:secret@host.example/a", None),
        ("https://host.example/", None),
        ("prices>=1", None),
        ("-r https://host.example/more.txt", None),
    ],
)
def test_what_comes_as_source(requirement: str, name: str | None) -> None:
    assert comes_as_source(requirement) == name


def test_a_hash_of_one_version_is_compared(agent: Path, pack: Pack, refused: Refused) -> None:
    digest = hashlib.sha256(wheel(agent / "wheels", "geometry").read_bytes()).hexdigest()
    for line in ("geometry==1.0", "geometry == 1.0 ; python_version >= '3'", "./wheels/geometry-1.0-py3-none-any.whl"):
        write(agent, requirements_txt=f"{OFFLINE}{line} --hash=sha256:{digest}\n")
        assert "geometry.py" in modules(pack(agent))
    write(agent, requirements_txt=f"{OFFLINE}geometry==1.0 --hash=sha256:{'0' * 64}\n")
    refused("SAC015", agent, "the hash of 'geometry")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--no-binary :all:", "never built: take it out"),
        ("-i https://a.example/simple --extra-index-url https://b.example/simple", "each on a line of its own"),
        ("geometry --config-settings 'a=b'", "the option '--config-settings'"),
        ("geometry==1.0 --global-option=x", "the option '--global-option'"),
        ("legend --hash=sha256:00", "compared only with one version"),
        ("legend[a]>=1 ; python_version == '3.13' --hash=sha256:00", "compared only with one version"),
        ("./wheels", "is no package"),
        ("-e ..", "is no package"),
        ("geometry @ file:///feedstock/geometry_1/work", "or name a version, such as 'geometry==1.0'"),
    ],
)
def test_a_line_that_cannot_be_followed_is_refused(agent: Path, refused: Refused, line: str, words: str) -> None:
    wheel(agent / "wheels", "geometry")
    write(agent, requirements_txt=f"{OFFLINE}geometry\n{line}\n")
    refused("SAC182", agent, f"'{agent / 'requirements.txt'}'", words)


def test_an_error_names_the_users_file(agent: Path, refused: Refused) -> None:
    write(agent, requirements_txt="-r more.txt\n", more_txt="_libgcc_mutex=0.1=conda_forge\n")
    assert "0.txt" not in refused("SAC015", agent, f"{agent / 'more.txt'}: write it as in")


def test_a_folder_has_no_hash(agent: Path, refused: Refused) -> None:
    project(agent / "prices", "prices")
    write(agent, requirements_txt="--require-hashes\n./prices\n")
    refused("SAC015", agent, "'prices' has no hash", "take --require-hashes out")
