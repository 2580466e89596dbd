"""Runs uv, which resolves, builds and installs; its reasons are told in our words by `reasons`."""

import os
import shutil
import subprocess
from pathlib import Path

from .refusal import PackagingError

# These would point uv at the environment that synthesises, or change what its output looks like.
_NOT_INHERITED = {
    "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "UV_PROJECT", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON",
    "UV_FROZEN", "UV_LOCKED", "UV_NO_SYNC", "UV_SYSTEM_PYTHON", "UV_TARGET", "UV_PREFIX", "FORCE_COLOR",
    "CLICOLOR_FORCE", "UV_OUTPUT_FORMAT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY", "PIP_TARGET", "PIP_PREFIX",
    "UV_NO_DEV", "UV_NO_DEFAULT_GROUPS", "UV_EXTRA_BUILD_DEPENDENCIES",
}  # fmt: skip


def uv_program() -> str:
    """Where uv is.

    :raises PackagingError: it is nowhere.
    """
    try:
        from uv import find_uv_bin

        return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv") or os.environ.get("UV")
        if found is None or not Path(found).is_file():
            raise PackagingError(
                "SAC014",
                "uv is not installed, and it packages the agent's requirements: install it, such as with "
                "'pip install uv' or 'brew install uv'",
            ) from None
        return found


def run_uv(arguments: list[str], folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Runs uv in the folder, whose settings (`uv.toml`, `[tool.uv]`) it reads.

    :param arguments: What follows `uv`.
    :param folder: Where it runs.
    :param environment: Variables beside the inherited ones.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    own = {"NO_COLOR": "1", "UV_NO_PROGRESS": "1", "UV_PREVIEW_FEATURES": "pylock", "UV_PYTHON_DOWNLOADS": "never"}
    return subprocess.run(
        [uv_program(), *arguments],
        cwd=folder,
        env={**inherited, **own, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
