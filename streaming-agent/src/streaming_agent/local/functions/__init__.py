"""Lambda functions of the template, run for real by the Python or the Node of this machine."""

from .process import FunctionFailed, FunctionProcess
from .spec import Function, read_function

__all__ = ["Function", "FunctionFailed", "FunctionProcess", "read_function"]
