"""Regular expressions for whole numbers of a size: CloudWatch compares a value in quotes with nothing but text.

They keep to what a filter pattern takes (CloudWatch Logs FilterAndPatternSyntax, "Supported regular expressions").
"""

_DIGIT = "[0-9]"


def at_least(limit: int) -> str:
    """What matches a limit above 0 and every greater number."""
    # A greater number has more digits, or as many and the first that differs is greater.
    choices = [f"[1-9]{_digits(len(str(limit)))}{_DIGIT}*", str(limit)]
    power = 1
    for behind in range(len(str(limit))):
        digit = limit // power % 10
        if digit < 9:
            choices.append(f"{_before(limit, power)}{_one_of(digit + 1, 9)}{_digits(behind)}")
        power = power * 10
    return _whole(choices)


def less_than(limit: int) -> str:
    """What matches every number below a limit above 0."""
    choices: list[str] = []
    for length in range(1, len(str(limit))):
        choices.append(_DIGIT if length == 1 else f"[1-9]{_digits(length - 1)}")
    power = 1
    for behind in range(len(str(limit))):
        digit = limit // power % 10
        # No number but 0 begins with 0.
        least = 1 if limit // power < 10 and behind > 0 else 0
        if digit > least:
            choices.append(f"{_before(limit, power)}{_one_of(least, digit - 1)}{_digits(behind)}")
        power = power * 10
    return _whole(choices)


def _whole(choices: list[str]) -> str:
    return "|".join([f"^{choice}$" for choice in choices])


def _before(limit: int, power: int) -> str:
    return str(limit // power // 10) if limit // power > 9 else ""


def _one_of(first: int, last: int) -> str:
    return str(first) if first == last else f"[{first}-{last}]"


def _digits(count: int) -> str:
    return "".join([_DIGIT for _ in range(count)])
