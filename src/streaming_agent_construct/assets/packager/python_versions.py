"""Whether a `requires-python` allows the Python that AgentCore runs, of which only major and minor are known."""

import re

_CLAUSE = re.compile(r"\s*(~=|===|==|!=|<=|>=|<|>)\s*v?(\d+(?:\.\d+)*)(\.\*)?(?:(?:a|b|rc|\.?dev|\.?post)\d*)?\s*")


def allows(specifier: str, version: str) -> bool:
    """Whether some patch release of the version fits; a specifier of an unknown form allows everything."""
    major, minor = (int(part) for part in version.split(".")[:2])
    clauses = []
    for text in filter(None, (part.strip() for part in specifier.split(","))):
        found = _CLAUSE.fullmatch(text)
        if found is None:
            return True
        clauses.append((found[1], [int(part) for part in found[2].split(".")], found[3] is not None))
    return any(all(_fits([major, minor, patch], *clause) for clause in clauses) for patch in range(100))


def _fits(version: list[int], operator: str, wanted: list[int], prefix: bool) -> bool:
    if operator == "~=":
        return version >= _padded(wanted) and version[: len(wanted) - 1] == wanted[:-1]
    equal = version[: len(wanted)] == wanted if prefix or operator == "===" else version == _padded(wanted)
    compared = _padded(wanted)
    return {
        "==": equal,
        "===": equal,
        "!=": not equal,
        "<=": version <= compared,
        ">=": version >= compared,
        "<": version < compared,
        ">": version > compared,
    }[operator]


def _padded(version: list[int]) -> list[int]:
    return [*version, 0, 0, 0][:3]
