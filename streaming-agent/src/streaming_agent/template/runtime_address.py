"""The address of an agent runtime, taken apart."""

import re
from dataclasses import dataclass, replace
from typing import Any

from .resource import TemplateResource
from .symbols import SYMBOL
from .view import View

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?", re.DOTALL | re.IGNORECASE
)
_RUNTIME_HOST = re.compile(r"(?:vpce-[^/]*\.)?bedrock-agentcore\.")
_INVOCATIONS = re.compile(r"/runtimes/(?P<runtime>.+)/invocations/?", re.DOTALL)
_STOP = "/stopruntimesession"
_RUNTIME_ID = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,99}-[a-zA-Z0-9]{10}")


@dataclass(frozen=True)
class RuntimeAddress:
    """`https://bedrock-agentcore.{region}.{suffix}/runtimes/{runtime}/invocations?{query}`."""

    host: str  # in small letters
    path: str
    query: str
    runtime: str | None  # what stands between /runtimes/ and /invocations; None: another path
    resource: TemplateResource | None = None  # the runtime, where it is in the templates

    @property
    def region(self) -> str:
        """The part of the host that names the region."""
        parts = self.host.split("bedrock-agentcore.", 1)[1].split(".")
        return parts[0]


def parsed_runtime_address(uri: Any) -> RuntimeAddress | None:
    """The address of a runtime that an integration's URI is; `None` for any other."""
    found = _ADDRESS.fullmatch(uri) if isinstance(uri, str) else None
    if found is None or not _RUNTIME_HOST.match(found["host"].lower()):
        return None
    if found["path"].rstrip("/").endswith(_STOP):
        return None  # ends a session: it answers at once
    path = _INVOCATIONS.fullmatch(found["path"])
    return RuntimeAddress(found["host"].lower(), found["path"], found["query"] or "", path["runtime"] if path else None)


def runtime_address(view: View, uri: Any) -> RuntimeAddress | None:
    """The address of a runtime with the runtime that the templates have for it."""
    address = parsed_runtime_address(uri)
    if address is None:
        return None
    named = map(view.resource, view.symbols.references(address.runtime or address.path))
    runtimes = (one for one in named if one is not None and one.type == "AWS::BedrockAgentCore::Runtime")
    return replace(address, resource=next(runtimes, None))


def is_runtime_id(text: str) -> bool:
    """Whether a literal is a runtime's id: a name, a hyphen and ten characters."""
    return not SYMBOL.search(text) and bool(_RUNTIME_ID.fullmatch(text))
