"""What an agent's folder holds and a package must not: credentials (never), and what a working copy gathers."""

import fnmatch
import json
import re
from dataclasses import dataclass
from pathlib import Path

from .refusal import holds_credentials

CREDENTIALS = "credentials"
WORKING_COPY = "working copy"

# Names of files, in lower case, that hold secrets: of the agent, of cloud tools, registries and databases.
_CREDENTIAL_FILES = (
    ".env*", "*.env",
    # keys
    "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "*.key", "*.ppk", "*.p12", "*.pfx", "*.jks", "*.keystore",
    "*.kdbx", "*.kdb", "*.p8", "*.ovpn", "secring.gpg",
    # clouds and clusters
    "kubeconfig", ".kubeconfig", "application_default_credentials.json", "client_secret*.json", "service-account*.json",
    "service_account*.json", ".boto", ".s3cfg", ".databrickscfg", ".vault-token", ".dockercfg", ".dockerconfigjson",
    "*.tfvars", "*.tfvars.json", "*.tfstate", "*.tfstate.*", ".terraformrc", "terraform.rc", "credentials.tfrc.json",
    "gha-creds-*.json", "rclone.conf", ".rclone.conf", ".passwd-s3fs", ".modal.toml", "local.settings.json",
    ".vault_pass*", ".vault-pass*",
    # registries and other tools
    ".netrc", "_netrc", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmrc", ".bunfig.toml", ".pypirc", "pip.conf", "pip.ini",
    ".condarc", ".git-credentials", ".htpasswd", ".pgpass", "pgpass.conf", ".my.cnf", ".mylogin.cnf", ".sentryclirc",
    "auth.json", "secrets.toml", "secrets.yaml", "secrets.yml", "secrets.json", ".secrets", ".secrets.*", "credentials",
    "credentials.json", "credentials.csv", "credentials.toml", "credentials.yaml", "credentials.yml",
    "*_accesskeys.csv", "token.pickle",
)  # fmt: skip
_CREDENTIAL_FOLDERS = (
    ".env*", ".ssh", ".gnupg", ".password-store", ".aws", ".azure", ".gcloud", ".oci", ".kube", ".docker", ".snowsql",
    ".snowflake", ".fly", ".op", ".terraform.d",
    ".huggingface", ".kaggle", ".cargo", ".gem", ".composer", ".m2", ".gradle", ".secrets",
    ".streaming-agent",
)  # fmt: skip
# What tools leave in a working copy; none of it is needed to run, and most of it changes from one day to the next.
_WORKING_COPY_NAMES = (
    ".git", ".git*", ".hg", ".svn", ".bzr", ".jj", ".streaming-agent-ignore", ".dockerignore",
    "__pycache__", "*.pyc", "*.pyo", ".venv", "venv", ".tox", ".nox", ".direnv", "node_modules", ".npm", ".pnpm-store",
    ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints", ".cache", ".uv-cache", ".eggs",
    "*.egg-info", ".coverage", ".coverage.*", "htmlcov", ".ds_store", "thumbs.db", "desktop.ini", ".idea", ".vscode",
    ".vs", "*.swp", "*~", "cdk.out", "cdk.json", "cdk.context.json", ".cdk.staging", ".aws-sam", ".serverless",
    ".terraform", ".terraform.lock.hcl", ".bedrock_agentcore", ".bedrock_agentcore.yaml",
    ".python-version",
)  # fmt: skip
# Files that only packaging reads, and that may hold the password of a package index.
_PACKAGING_FILES = (
    "pyproject.toml", "uv.toml", "uv.lock", "pylock*.toml", "*requirements*", "*constraints*", "setup.cfg",
    "setup.py", "pipfile", "pipfile.lock", "poetry.toml", "poetry.lock", "environment.yml", "environment.yaml",
    "pixi.toml",
)  # fmt: skip
_KEY_SUFFIXES = (
    "", ".pem", ".txt", ".key", ".crt", ".cer", ".cert", ".asc", ".der", ".bak", ".old", ".json", ".yaml", ".yml",
)  # fmt: skip
# A key of age, a cluster's client key, a token of Google's sign-in, keys of AWS as its files write them.
_SECRET = re.compile(
    r"AGE-SECRET-KEY-1[0-9A-Z]{20}|\bclient-key-data: *[\w+/=]{40}|\"refresh_token\" *: *\"[^\"\s]{20}"
    r"|\baws_secret_access_key *= *[\w+/]{40}"
)
_SMALL_BYTES = 1_000_000


@dataclass(frozen=True)
class Reason:
    """Why a file or folder is left out."""

    kind: str
    """CREDENTIALS, which no pattern brings back, or WORKING_COPY."""
    text: str


def by_name(name: str, is_folder: bool) -> Reason | None:
    """What the name alone says."""
    lowered = name.lower()
    credentials = _CREDENTIAL_FOLDERS if is_folder else _CREDENTIAL_FILES
    # Code is no credential, and the public half of a key is no secret.
    if not lowered.endswith((".py", ".pub")) and _matches(lowered, credentials):
        return Reason(CREDENTIALS, "may hold credentials")
    if _matches(lowered, _WORKING_COPY_NAMES):
        return Reason(WORKING_COPY, "no agent needs it")
    return None


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def folder_by_content(folder: Path) -> Reason | None:
    """What a folder is, whatever its name."""
    if (folder / "pyvenv.cfg").is_file() or (folder / "conda-meta").is_dir():
        return Reason(WORKING_COPY, "a virtual environment")
    if (folder / "CACHEDIR.TAG").is_file():
        return Reason(WORKING_COPY, "a cache")
    if (folder / "cdk.out").is_file() or _is_assembly(folder / "manifest.json"):
        return Reason(WORKING_COPY, "output of the CDK")
    return None


def _is_assembly(manifest: Path) -> bool:
    try:
        document = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and {"version", "artifacts"} <= set(document)


def file_by_content(path: Path, name: str, size: int) -> Reason | None:
    """Whether a small file of the usual kinds holds a private key or another secret, or an index's password."""
    lowered = name.lower()
    packaging = _matches(lowered, _PACKAGING_FILES)
    suffix = path.suffix.lower()
    if size > _SMALL_BYTES or not (packaging or suffix in _KEY_SUFFIXES):
        return None
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    if "PRIVATE KEY-----" in text and "-----BEGIN" in text:
        return Reason(CREDENTIALS, "holds a private key")
    if _SECRET.search(text):
        return Reason(CREDENTIALS, "holds a secret")
    if suffix == ".pem" and not any(
        word in text for word in ("BEGIN CERT", "BEGIN TRUSTED", "BEGIN PUBLIC", "BEGIN X509")
    ):
        return Reason(CREDENTIALS, "may hold a private key")
    if packaging and holds_credentials(text):
        return Reason(CREDENTIALS, "holds a password in an address")
    return None
