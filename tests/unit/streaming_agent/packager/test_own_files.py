"""The agent's own files: what is packaged, what never is, what can be left out, and what is refused."""

import os
import stat
import struct
from pathlib import Path

import pytest

from .conftest import Pack, Refused, files, modules
from .packages import wheel, write

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END OPENSSH PRIVATE KEY-----\n"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def _plant(agent: Path, path: str, text: str = "made-up\n") -> None:
    (agent / path).parent.mkdir(parents=True, exist_ok=True)
    (agent / path).write_text(text, encoding="utf-8")


# ---------------------------------------------------------------- credentials
@pytest.mark.parametrize(
    "path",
    [
        ".env", ".env.local", ".env.production", ".envrc", "config/.env", ".ENV", "prod.env",
        ".aws/credentials", ".ssh/id_ed25519", ".azure/token", ".kube/config", ".docker/config.json",
        ".netrc", "_netrc", ".npmrc", ".yarnrc.yml", ".pypirc", "pip.conf", ".git-credentials", ".pgpass", ".my.cnf",
        "id_rsa", "keys/id_ecdsa", "server.key", "signing.p12", "store.jks", "key.pem", "sub/deep/private.pem",
        "terraform.tfvars", "secrets.toml", ".streamlit/secrets.toml", "credentials.json", "client_secret_1.json",
        "application_default_credentials.json", ".streaming-agent/local.json", "terraform.tfstate",
        "terraform.tfstate.backup", "gha-creds-0a1b.json", "rclone.conf", ".modal.toml", "local.settings.json",
        ".snowflake/connections.toml", "office.ovpn", "credentials.yml",
    ],
)  # fmt: skip
def test_credentials_and_state_are_never_packaged(agent: Path, pack: Pack, path: str) -> None:
    _plant(agent, path)
    (agent / ".streaming-agent-ignore").write_text(f"!{path}\n", encoding="utf-8")
    made = pack(agent)
    assert files(made) == {"agent.py"}
    assert made.left_out


@pytest.mark.parametrize("name", ["deploy", "notes.txt", "server.crt", "bundle.pem", "account.json"])
def test_a_private_key_is_known_by_its_content(agent: Path, pack: Pack, name: str) -> None:
    _plant(agent, name, f"some text\n{KEY}")
    made = pack(agent)
    assert files(made) == {"agent.py"}
    assert f"{name} (holds a private key)" in made.notices["streaming-agent-construct:left-out"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("age.txt", f"# created: today\nAGE-SECRET-KEY-1{'Q' * 58}\n"),
        ("cluster.yaml", f"users:\n- user:\n    client-key-data: {'LS0t' * 20}\n"),
        ("token.json", f'{{"token": "a", "refresh_token": "{"1/" + "x" * 40}"}}'),
        ("keys.txt", f"[default]\naws_secret_access_key = {'a/B+' * 10}\n"),
    ],
)
def test_so_are_other_secrets(agent: Path, pack: Pack, name: str, text: str) -> None:
    _plant(agent, name, text)
    made = pack(agent)
    assert files(made) == {"agent.py"}
    assert f"{name} (holds a secret)" in made.notices["streaming-agent-construct:left-out"]


def test_a_description_of_a_token_is_no_secret(agent: Path, pack: Pack) -> None:
    _plant(agent, "api.json", '{"properties": {"refresh_token": {"type": "string"}, "token": "a"}}')
    assert "api.json" in files(pack(agent))


@pytest.mark.parametrize("path", ["ca.pem", "certs/rds.crt", "id_rsa.pub", "environment.py", "credentials/__init__.py"])
def test_what_is_no_credential_is_packaged(agent: Path, pack: Pack, path: str) -> None:
    _plant(agent, path, CERTIFICATE if "." in path and not path.endswith(".py") else "x = 1\n")
    assert path in files(pack(agent))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[tool.x]\nurl = "https://builder:made-up-7@packages.example.com/simple"\n'),
        ("requirements.txt", "--extra-index-url https://made-up-7@packages.example.com/simple\n"),
        ("uv.toml", '[[index]]\nurl = "https://builder:made-up-7@packages.example.com/simple"\n'),
        ("dev-requirements.txt", "-i http://u:made-up-7@h/simple\n"),
    ],
)
def test_a_file_with_an_indexs_password_stays_behind(agent: Path, pack: Pack, name: str, text: str) -> None:
    _plant(agent, name, text)
    made = pack(agent)
    assert name not in files(made)
    assert name in made.notices["streaming-agent-construct:left-out"]
    assert "made-up-7" not in str(made)


@pytest.mark.parametrize("url", ["https://${USER}:${PASSWORD}@h/simple", "git+ssh://git@github.com/a/b.git"])
def test_a_variable_is_no_password(agent: Path, pack: Pack, url: str) -> None:
    _plant(agent, "pyproject.toml", f'[tool.x]\nurl = "{url}"\n')
    assert "pyproject.toml" in files(pack(agent))


def test_what_was_left_out_is_one_line(agent: Path, pack: Pack) -> None:
    for name in (".env.local", "id_rsa", ".venv/pyvenv.cfg", "a.pyc"):
        _plant(agent, name)
    made = pack(agent)
    told = made.notices["streaming-agent-construct:left-out"]
    assert ".env.local" in told
    assert "id_rsa" in told
    assert ".venv" not in told
    assert {".env.local", "id_rsa", ".venv", "a.pyc"} == set(made.left_out)


# ---------------------------------------------------------------- a working copy
@pytest.mark.parametrize(
    ("path", "beside"),
    [
        ("env/lib/python3.13/site-packages/heavy/__init__.py", "env/pyvenv.cfg"),
        (".tox/py313/lib/x.py", ".tox/py313/pyvenv.cfg"),
        ("conda/lib/x.py", "conda/conda-meta/history"),
        ("whatever/x.bin", "whatever/CACHEDIR.TAG"),
        (".git/config", ".git/HEAD"),
        (".gitignore", ".github/workflows/x.yml"),
        ("ui/node_modules/x/index.js", "ui/node_modules/y/index.js"),
        ("sub/__pycache__/x.pyc", "sub/x.pyo"),
        (".mypy_cache/x", ".pytest_cache/x"),
        ("helper.egg-info/PKG-INFO", ".DS_Store"),
        ("cdk.context.json", "cdk.json"),
        (".terraform/x", ".aws-sam/build.toml"),
    ],
)
def test_what_a_working_copy_gathers_is_left_out(agent: Path, pack: Pack, path: str, beside: str) -> None:
    _plant(agent, path)
    _plant(agent, beside)
    assert files(pack(agent)) == {"agent.py"}


@pytest.mark.parametrize("name", ["build", "cdk.out", "assembly-Prod"])
@pytest.mark.parametrize("known_by", ["cdk.out", "manifest.json"])
def test_output_of_the_cdk_is_known_by_what_it_is(agent: Path, pack: Pack, name: str, known_by: str) -> None:
    _plant(agent, f"{name}/{known_by}", '{"version": "48.0.0", "artifacts": {}}')
    _plant(agent, f"{name}/asset.1/agent.py")
    assert files(pack(agent)) == {"agent.py"}


def test_the_folder_that_is_being_written_is_left_out_while_it_is_empty(agent: Path, pack: Pack) -> None:
    _plant(agent, "out/half-written.json")
    assert files(pack(agent, output=str(agent / "out"))) == {"agent.py"}


def test_packages_are_whole(agent: Path, pack: Pack) -> None:
    """What is left out is a rule for the agent's own files."""
    inside = {
        "toolbox/venv/__init__.py": "",
        "toolbox/node_modules/x.js": "",
        "toolbox/.env": "A=1",
        "toolbox/id_rsa": "",
    }
    path = wheel(agent / "wheels", "toolbox", files=inside)
    write(agent, requirements_txt=f"--no-index\n./wheels/{path.name}\n")
    assert set(inside) <= files(pack(agent))


# ---------------------------------------------------------------- what the user leaves out
def test_exclude_reads_as_gitignore(agent: Path, pack: Pack) -> None:
    for path in ("data/export.csv", "debug.log", "sub/debug.log", "sub/data/x", "keep.log", "docs/a.md", "docs/b/c.md"):
        _plant(agent, path)
    exclude = ["/data/", "*.log", "!keep.log", "docs/**/*.md"]
    assert files(pack(agent, exclude=exclude)) == {"agent.py", "keep.log", "sub/data/x"}


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        (".streaming-agent-ignore", "# ours\ndata\n*.log\n", {"agent.py"}),
        (".dockerignore", "data\n*.log\n", {"agent.py", "sub/debug.log"}),  # Docker's patterns start at the top
        (".dockerignore", "**/*.log\ndata/*.csv\n", {"agent.py"}),
        (".dockerignore", "*\n!agent.py\n!sub\n", {"agent.py", "sub/debug.log"}),
    ],
)
def test_an_ignore_file_is_read(agent: Path, pack: Pack, name: str, text: str, left: set[str]) -> None:
    for path in ("data/export.csv", "debug.log", "sub/debug.log"):
        _plant(agent, path)
    _plant(agent, name, text)
    assert files(pack(agent)) == left


def test_the_agents_own_ignore_file_goes_before_dockers(agent: Path, pack: Pack) -> None:
    _plant(agent, "a.txt")
    _plant(agent, "b.txt")
    _plant(agent, ".dockerignore", "a.txt\n")
    _plant(agent, ".streaming-agent-ignore", "b.txt\n")
    assert files(pack(agent)) == {"agent.py", "a.txt"}


def test_what_no_agent_needs_can_be_brought_back(agent: Path, pack: Pack) -> None:
    _plant(agent, "node_modules/tool/index.js")
    _plant(agent, ".env")
    made = pack(agent, exclude=["!node_modules", "!.env"])
    assert files(made) == {"agent.py", "node_modules/tool/index.js"}


def test_the_entry_file_cannot_be_left_out(agent: Path, refused: Refused) -> None:
    refused("SAC189", agent, "the entry file 'agent.py'", "pattern", exclude=["*.py"])


# ---------------------------------------------------------------- links and odd files
@pytest.mark.parametrize("target", ["../elsewhere", "../elsewhere/payroll.csv", "/etc/hostname"])
def test_a_link_out_of_the_folder_is_refused(agent: Path, refused: Refused, pack: Pack, target: str) -> None:
    _plant(agent.parent, "elsewhere/payroll.csv")
    (agent / "sub").mkdir()
    (agent / "data").symlink_to(target)
    refused("SAC185", agent, "'data'", "is a link to", Path(target).name)
    assert files(pack(agent, exclude=["data"])) == {"agent.py"}


def test_links_inside_are_what_they_lead_to(agent: Path, pack: Pack) -> None:
    _plant(agent, "data/v1.json", "1")
    _plant(agent, ".env", "A=1")
    (agent / "latest.json").symlink_to("data/v1.json")
    (agent / "current").symlink_to(agent / "data")
    (agent / "settings").symlink_to(".env")
    (agent / "again").symlink_to(".")
    (agent / "gone.txt").symlink_to("nowhere.txt")
    (agent / "round").symlink_to("round")
    made = pack(agent)
    assert files(made) == {"agent.py", "data/v1.json", "latest.json", "current/v1.json"}
    assert not [path for path in Path(made.path).rglob("*") if path.is_symlink()]
    told = made.notices["streaming-agent-construct:left-out"]
    for name in ("settings", "again", "gone.txt (a link that leads nowhere)", "round"):
        assert name in told


def test_a_pipe_is_left_out(agent: Path, pack: Pack) -> None:
    os.mkfifo(agent / "pipe")
    assert "pipe (no regular file)" in pack(agent).notices["streaming-agent-construct:left-out"]


def test_a_name_that_is_not_utf_8(agent: Path, refused: Refused) -> None:
    (Path(os.fsdecode(os.fsencode(agent) + b"/caf\xe9.txt"))).write_text("x")
    refused("SAC186", agent, "caf\\xe9.txt", "rename")


def test_only_whether_it_can_be_run_is_kept_of_a_files_mode(agent: Path, pack: Pack) -> None:
    _plant(agent, "run.sh")
    _plant(agent, "data.txt")
    (agent / "run.sh").chmod(0o700)
    (agent / "data.txt").chmod(0o600)
    made = Path(pack(agent).path)
    assert stat.S_IMODE((made / "run.sh").stat().st_mode) == 0o755
    assert stat.S_IMODE((made / "data.txt").stat().st_mode) == 0o644


# ---------------------------------------------------------------- compiled code
def _elf(machine: int, bits: int = 2, order: int = 1, needed: bytes = b"") -> bytes:
    pack_ = "<" if order == 1 else ">"
    header = b"\x7fELF" + bytes([bits, order, 1]) + bytes(9) + struct.pack(f"{pack_}HH", 3, machine)
    if not needed:
        return header.ljust(64, b"\0")
    # one segment that is loaded at 0, one with the dynamic section: DT_NEEDED, DT_STRTAB, DT_NULL
    strings, dynamic = 64 + 2 * 56, 64 + 2 * 56 + 64
    header += struct.pack("<IQQQIHHHHHH", 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    size = dynamic + 48
    load = struct.pack("<IIQQQQQQ", 1, 4, 0, 0, 0, size, size, 1)
    table = struct.pack("<IIQQQQQQ", 2, 4, dynamic, dynamic, dynamic, 48, 48, 1)
    return header + load + table + needed.ljust(64, b"\0") + struct.pack("<QQQQQQ", 1, 0, 5, strings, 0, 0)


PE = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0"
FOREIGN = {
    "x86-64 Linux": _elf(0x3E),
    "x86 Linux": _elf(0x03, bits=1),
    "32-bit arm Linux": _elf(0x28, bits=1),
    "musl Linux": _elf(0xB7, needed=b"libc.musl-aarch64.so.1\0"),
    "macOS": struct.pack("<II", 0xFEEDFACF, 0x0100000C),
    "Windows": PE,
}


@pytest.mark.parametrize("platform", FOREIGN)
@pytest.mark.parametrize("name", ["fast.so", "bin/tool", "data.bin"])
def test_compiled_code_for_another_machine_is_refused(
    agent: Path, refused: Refused, pack: Pack, platform: str, name: str
) -> None:
    (agent / name).parent.mkdir(exist_ok=True)
    (agent / name).write_bytes(FOREIGN[platform])
    refused("SAC187", agent, f"'{name}'", f"compiled for {platform}", "arm64", f"exclude=['{name}']")
    assert files(pack(agent, exclude=[name])) == {"agent.py"}


@pytest.mark.parametrize(
    "data",
    [
        _elf(0xB7),
        _elf(0xB7, needed=b"libc.so.6\0"),
        b"MZ, he wrote, and went on for more than sixty-four characters so that it is a text",
        struct.pack(">II", 0xCAFEBABE, 61),  # a Java class
        b"\x7fELF",
        b"",
    ],
    ids=["arm64", "arm64 with glibc", "text", "java", "cut off", "empty"],
)
def test_what_agentcore_runs_or_never_loads_is_packaged(agent: Path, pack: Pack, data: bytes) -> None:
    (agent / "fast.so").write_bytes(data)
    assert "fast.so" in files(pack(agent))


def test_compiled_code_in_a_wheel_that_says_any_is_named(agent: Path, pack: Pack) -> None:
    wheel(agent / "wheels", "fastmath", files={"fastmath_core.so": FOREIGN["x86-64 Linux"]})
    wheel(agent / "wheels", "mixed", files={"mixed/a.so": FOREIGN["macOS"], "mixed/b.so": _elf(0xB7)})
    wheel(agent / "wheels", "launcher", files={"launcher/t.exe": PE})
    write(agent, requirements_txt="--no-index\n--find-links wheels\nfastmath\nmixed\nlauncher\n")
    made = pack(agent)
    told = made.warnings["streaming-agent-construct:foreign-binary"]
    assert "'fastmath' brings" in told
    assert "x86-64 Linux" in told
    assert [name for name in made.warnings if "foreign" in name] == ["streaming-agent-construct:foreign-binary"]
    assert "fastmath.py" in modules(made)
