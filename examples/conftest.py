"""What the examples' tests share: the template that `python app.py` synthesises, with agents' folders as they are."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

ASSET_HASH = re.compile(r"[0-9a-f]{64}")


@pytest.fixture(scope="module")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The one template of the example that the test belongs to; hashes of assets say nothing to a reader."""
    example = Path(request.path).parents[1]
    assembly = tmp_path_factory.mktemp("cdk.out")
    context = json.loads((example / "cdk.json").read_text()).get("context", {}) | {"aws:cdk:bundling-stacks": []}
    environment = os.environ | {"CDK_OUTDIR": str(assembly), "CDK_CONTEXT_JSON": json.dumps(context)}
    subprocess.run([sys.executable, "app.py"], cwd=example, env=environment, check=True, stderr=subprocess.DEVNULL)
    (written,) = assembly.glob("*.template.json")
    return json.loads(ASSET_HASH.sub("asset-hash", written.read_text()))


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots are JSON, one file a test."""
    return snapshot.use_extension(JSONSnapshotExtension)
