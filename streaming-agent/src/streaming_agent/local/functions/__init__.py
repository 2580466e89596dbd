"""Lambda functions of the template, run for real by the Python or the Node of this machine."""

from .function_process import FunctionFailed, FunctionProcess
from .function_reader import Function, read_function

__all__ = ["Function", "FunctionFailed", "FunctionProcess", "read_function"]
