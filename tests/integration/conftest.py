"""What the tests with tools of other people share."""

import pytest

from .kept import Kept


@pytest.fixture(scope="session")
def kept(pytestconfig: pytest.Config) -> Kept:
    """What tools made of the same input is made once."""
    return Kept(pytestconfig)
