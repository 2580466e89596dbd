"""What the app deploys."""

from typing import Any

from syrupy.assertion import SnapshotAssertion


def test_template(template: Any, snapshot: SnapshotAssertion) -> None:
    assert template == snapshot
