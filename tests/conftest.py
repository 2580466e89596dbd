"""What all tests share."""

import pytest

from tests.kept import Kept


@pytest.fixture(scope="session")
def kept(pytestconfig: pytest.Config) -> Kept:
    """What tools made of the same input is made once."""
    return Kept(pytestconfig)
