"""What the examples' tests share: the template that its app synthesises, with agents' folders as they are."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests import example_apps

ASSET_HASH = re.compile(r"[0-9a-f]{64}")


@pytest.fixture(scope="module")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The one template of the example that the test belongs to; hashes of assets say nothing to a reader."""
    assembly = tmp_path_factory.mktemp("cdk.out")
    example_apps.run(Path(request.path).parents[1].name, assembly)
    (written,) = assembly.glob("*.template.json")
    return json.loads(ASSET_HASH.sub("asset-hash", written.read_text()))


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots are JSON, one file a test."""
    return snapshot.use_extension(JSONSnapshotExtension)
