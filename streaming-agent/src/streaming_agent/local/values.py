"""What a template's symbols are locally: values that are the same on every run, and secrets that are new."""

import re
import secrets
from collections.abc import Callable
from typing import Any

from ..template import Derived, Expected, Pseudo, Reference, Symbol, TemplateResource, Unknown, View
from ..template.partitions import partition_of, url_suffix_of
from .part import Part
from .resource_identities import ID_ALPHABET, generic_value, identity_of

DEFAULT_REGION = "us-east-1"
DEFAULT_ACCOUNT = "123456789012"  # AWS's own placeholder in its documentation
_SECRET_REFERENCE = re.compile(r"\{\{resolve:secretsmanager:(.+?):SecretString((?::[^}]*)?)\}\}")
_OTHER_REFERENCE = re.compile(r"\{\{resolve:([^}]*)\}\}")


class LocalValues:
    """The values of a view's symbols in one run.

    Args:
        view: The templates.
        on_made_up: Is told of each value that the templates do not hold, and of what was made up for it.
    """

    def __init__(self, view: View, on_made_up: Callable[[Unknown, str], None] = lambda unknown, value: None) -> None:
        self.view = view
        self._on_made_up = on_made_up
        self._secrets: dict[str, str] = {}
        self._under_way: set[Reference] = set()
        named = [stack for stack in view.templates.stacks if stack.region or stack.account]
        self.region = next((stack.region for stack in named if stack.region), DEFAULT_REGION)
        self.account = next((stack.account for stack in named if stack.account), DEFAULT_ACCOUNT)
        self.partition = partition_of(self.region)
        self.url_suffix = url_suffix_of(self.region)

    def of(self, resource: TemplateResource) -> Expected:
        """Reads a resource's properties with their local values."""
        return _LocallyExpected(self, resource)

    def part(self, resource: TemplateResource, *path: str | int) -> Part:
        """A property of a resource with its place; what is below it is read with its shape checked."""
        return Part(self.of(resource).value(*path), ".".join((resource.logical_id, *map(str, path))))

    def ref(self, resource: TemplateResource) -> str:
        """What `Ref` of a resource is."""
        return self.text(resource.identity)

    def attribute(self, resource: TemplateResource, name: str) -> str:
        """What `Fn::GetAtt` of a resource is."""
        return self.text(resource.attribute(name))

    def text(self, text: str) -> str:
        """A text with each of its symbols replaced."""
        return self._with_secrets(self.view.symbols.replaced(text, self.known))

    def value(self, value: Any) -> Any:
        """A value with each of its symbols replaced."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {self.value(key): self.value(item) for key, item in value.items()}
        return value

    def known(self, symbol: Symbol) -> str | None:
        """What stands for one symbol."""
        match symbol:
            case Pseudo():
                return self._pseudo(symbol)
            case Reference():
                if symbol in self._under_way:
                    return f"local-{symbol.logical_id}".lower()  # a reference that leads back to itself
                self._under_way.add(symbol)
                try:
                    return self._of_resource(symbol)
                finally:
                    self._under_way.discard(symbol)
            case Unknown():
                made_up = self._unknown(symbol)
                self._on_made_up(symbol, made_up)
                return made_up
            case Derived():
                return None  # replaced by way of its text

    def secret(self, name: str, length: int = 52) -> str:
        """A secret that is new in each run, and the same for the same name in it."""
        if name not in self._secrets:
            self._secrets[name] = "".join(secrets.choice(ID_ALPHABET) for _ in range(length))
        return self._secrets[name]

    def _with_secrets(self, text: str) -> str:
        """Dynamic references get made-up values: nothing is read from AWS."""
        if "{{resolve:" not in text:
            return text
        text = _SECRET_REFERENCE.sub(lambda found: self._secret_value(found[1], found[2]), text)
        return _OTHER_REFERENCE.sub(lambda found: self.secret(found[1], 64), text)

    def secret_value(self, arn: str) -> str:
        """The made-up value of a secret that the template makes."""
        return self.secret(f"{arn}/value", 64)

    def _secret_value(self, arn: str, rest: str) -> str:
        """Of `:<key of its JSON>:<stage>:<version>`; who asks Secrets Manager for all of it gets the same value."""
        key = rest.removeprefix(":").partition(":")[0]
        return self.secret(f"{arn}/value/{key}", 64) if key else self.secret_value(arn)

    def _unknown(self, symbol: Unknown) -> str:
        if symbol.what.startswith("resolve:"):
            return self.text("{{" + symbol.what + "}}")  # which may name one of the template's own secrets
        return f"local-{re.sub(r'[^A-Za-z0-9]+', '-', symbol.what).strip('-').lower()}"

    def _pseudo(self, symbol: Pseudo) -> str:
        stack = symbol.stack or next((one.name for one in self.view.templates.stacks), "local")
        match symbol.name:
            case "AWS::AccountId":
                return self.account
            case "AWS::Region":
                return self.region
            case "AWS::Partition":
                return self.partition
            case "AWS::URLSuffix":
                return self.url_suffix
            case "AWS::StackId":
                return f"arn:{self.partition}:cloudformation:{self.region}:{self.account}:stack/{stack}/local"
            case _:
                return stack.replace("/", "-")

    def _of_resource(self, symbol: Reference) -> str:
        stack = self.view.stack_named(symbol.stack)
        resource = self.view.named(stack, symbol.logical_id) if stack is not None else None
        if resource is None:
            return generic_value(symbol, self)
        ref, attributes = identity_of(resource, self)
        if not symbol.attribute and ref is not None:
            return ref
        return attributes.get(symbol.attribute) or generic_value(symbol, self)


class _LocallyExpected(Expected):
    def __init__(self, values: LocalValues, resource: TemplateResource) -> None:
        super().__init__(resource, values.known)
        self._values = values

    def value(self, *path: str | int) -> Any:
        return self._values.value(super().value(*path))
