"""`Fn::ForEach` in a template's Resources, written out (CloudFormation's language extensions)."""

from collections.abc import Mapping
from typing import Any

_LIMIT = 200
_ENTRIES_LIMIT = 2_000


def looped(argument: Any, parameters: Mapping[str, Any], budget: list[int] | None = None) -> dict[str, Any] | None:
    """What a loop writes; `None` when its collection is known only to CloudFormation.

    Args:
        argument: Of `Fn::ForEach::Name`: the identifier, the collection, and a mapping with one entry.
        parameters: The template's parameters: the Default of one may be the collection.
        budget: How many entries may still be written, counted down by loops in loops; `None`: 2,000.
    """
    if not (isinstance(argument, list) and len(argument) == 3 and isinstance(argument[0], str)):
        return None
    identifier, collection, body = argument
    if isinstance(collection, dict) and isinstance(collection.get("Ref"), str):
        declared = parameters.get(collection["Ref"])
        default = declared.get("Default") if isinstance(declared, dict) else None
        collection = [one.strip() for one in default.split(",")] if isinstance(default, str) else None
    if not isinstance(collection, list) or not isinstance(body, dict) or len(collection) > _LIMIT:
        return None
    if not all(isinstance(one, (str, int)) for one in collection):
        return None
    budget = budget if budget is not None else [_ENTRIES_LIMIT]
    written: dict[str, Any] = {}
    for one in collection:
        for name, entry in body.items():
            budget[0] -= 1
            if budget[0] < 0:
                return None
            replaced = _replaced(entry, identifier, str(one))
            if name.startswith("Fn::ForEach::"):
                inner = looped(replaced, parameters, budget)
                if inner is None:
                    return None
                written.update(inner)
            else:
                written[_text(name, identifier, str(one))] = replaced
    return written


def _replaced(value: Any, identifier: str, item: str) -> Any:
    if isinstance(value, str):
        return _text(value, identifier, item)
    if isinstance(value, list):
        return [_replaced(one, identifier, item) for one in value]
    if isinstance(value, dict):
        if value == {"Ref": identifier}:
            return item
        return {_text(key, identifier, item): _replaced(one, identifier, item) for key, one in value.items()}
    return value


def _text(text: str, identifier: str, item: str) -> str:
    # &{…} drops what a logical id may not hold
    letters = "".join(character for character in item if character.isalnum())
    return text.replace(f"${{{identifier}}}", item).replace(f"&{{{identifier}}}", letters)
