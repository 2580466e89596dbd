"""What is not there: `AWS::NoValue`."""


class _Missing:
    """`AWS::NoValue`: the property is not there."""


MISSING = _Missing()
