"""The committed bundle is what its source and pinned packages make."""

import json
from pathlib import Path

from tools.oidc_authorizer import build


def test_the_committed_bundle_is_fresh(tmp_path: Path) -> None:
    build.build(tmp_path / "index.mjs")

    fresh = (tmp_path / "index.mjs").read_bytes() == build.BUNDLE.read_bytes()
    assert fresh, "the bundle of the OIDC authorizer is stale: run make oidc-authorizer"


def test_the_bundle_is_small_and_names_its_licence() -> None:
    text = build.BUNDLE.read_text(encoding="utf-8")

    assert len(text) < 64 * 1024
    assert "aws-jwt-verify: Copyright Amazon.com, Inc. or its affiliates, Apache-2.0" in text.splitlines()[1]


def test_its_packages_are_pinned() -> None:
    manifest = json.loads((build.SOURCE / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((build.SOURCE / "package-lock.json").read_text(encoding="utf-8"))

    for name, version in (manifest["dependencies"] | manifest["devDependencies"]).items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
        assert "integrity" in lock["packages"][f"node_modules/{name}"]
