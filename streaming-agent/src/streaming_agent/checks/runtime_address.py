"""The address of an agent runtime, taken apart."""

import re
from dataclasses import dataclass
from typing import Any

from ..template import TemplateResource, View
from ..template.symbols import SYMBOL

_ADDRESS = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?", re.DOTALL)
_RUNTIME_HOST = re.compile(r"(?:vpce-[^/]*\.)?bedrock-agentcore\.")
_INVOCATIONS = re.compile(r"/runtimes/(?P<runtime>.+)/invocations/?", re.DOTALL)
_STOP = "/stopruntimesession"
_RUNTIME_ID = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,99}-[a-zA-Z0-9]{10}")


@dataclass(frozen=True)
class RuntimeAddress:
    """`https://bedrock-agentcore.{region}.{suffix}/runtimes/{runtime}/invocations?{query}`."""

    host: str
    path: str
    query: str
    runtime: str | None  # what stands between /runtimes/ and /invocations; None: another path
    resource: TemplateResource | None  # the runtime, where it is in the templates

    @property
    def region(self) -> str:
        """The part of the host that names the region."""
        parts = self.host.split("bedrock-agentcore.", 1)[1].split(".")
        return parts[0]


def runtime_address(view: View, uri: Any) -> RuntimeAddress | None:
    """The address of a runtime that an integration's URI is; `None` for any other."""
    if not isinstance(uri, str):
        return None
    found = _ADDRESS.fullmatch(uri)
    if found is None or not _RUNTIME_HOST.match(found["host"]):
        return None
    if found["path"].rstrip("/").endswith(_STOP):
        return None  # ends a session: it answers at once
    path = _INVOCATIONS.fullmatch(found["path"])
    runtime = path["runtime"] if path else None
    resource = next(
        (
            resource
            for reference in view.symbols.references(runtime or found["path"])
            if (resource := view.resource(reference)) is not None and resource.type == "AWS::BedrockAgentCore::Runtime"
        ),
        None,
    )
    return RuntimeAddress(found["host"], found["path"], found["query"] or "", runtime, resource)


def is_runtime_id(text: str) -> bool:
    """Whether a literal is a runtime's id: a name, a hyphen and ten characters."""
    return not SYMBOL.search(text) and bool(_RUNTIME_ID.fullmatch(text))
