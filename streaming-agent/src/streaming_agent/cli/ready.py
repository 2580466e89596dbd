"""What a local run prints once it is ready."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..local.emulator import Endpoints


def ready_text(endpoints: "Endpoints", web_url: str | None) -> str:
    """Where the app is, who can sign in, and how to ask it."""
    lines = ["", f"  chat in the browser: {web_url}", ""] if web_url else [""]
    lines += [f"  {endpoints.invocations_url}"]
    lines += [f"  {url}" for url in endpoints.urls if url != endpoints.invocations_url]
    lines += [
        "",
        f"  sign in as   {endpoints.username}   password {endpoints.password}",
        f"  user pool    {endpoints.user_pool_id}   client {endpoints.client_id}   at {endpoints.cognito_endpoint}",
        f"  runtime      {endpoints.runtime_url}",
        "",
        "  ask it from another terminal, in this folder:",
        "",
        '    streaming-agent chat "What can you do?"',
        "",
        "  or with your own client:",
        "",
        *_curl(endpoints),
        "",
        "  Ctrl-C ends it.",
        "",
    ]
    return "\n".join(lines)


def _curl(endpoints: "Endpoints") -> list[str]:
    """Lines that work as they are printed, in this folder."""
    key = f' \\\n      -H "x-api-key: {endpoints.api_key}"' if endpoints.api_key else ""
    signed = ""
    if endpoints.aws_access_key_id:
        signed = (
            ' \\\n      --aws-sigv4 "aws:amz:us-east-1:execute-api"'
            f' --user "{endpoints.aws_access_key_id}:{endpoints.aws_secret_access_key}"'
        )
    return [
        "    TOKEN=$(streaming-agent token)",
        f"    curl -sN '{endpoints.invocations_url}' -H \"Authorization: Bearer $TOKEN\" \\",
        f'      -H "Content-Type: application/json"{key}{signed} -d \'{{"prompt": "What can you do?"}}\'',
    ]
