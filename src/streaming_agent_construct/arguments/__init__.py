"""What Python alone lets a caller get wrong: an argument of another type. Through jsii, its own check does this."""

from .checked import check_arguments

__all__ = ["check_arguments"]
