"""Where an API is: a local run's file, a deployment's outputs, or arguments."""

import json
from pathlib import Path

import pytest
from streaming_agent.client import AgentAddress, BrowserSignIn, ClientError, TokenUse, deployed_addresses, local_run

OUTPUTS = {
    "HelloAgent": {
        "AgentInvocationsUrl0A1B2C3D": "https://abc.execute-api.eu-west-1.amazonaws.com/prod/invocations",
        "AgentUserPoolId9F8E7D6C": "eu-west-1_AbCdEfGhI",
        "AgentUserPoolClientId12345678": "client",
        "AgentApiEndpoint51A6D7C3": "https://abc.execute-api.eu-west-1.amazonaws.com/prod/",
    },
    "Other": {"BucketName": "bucket"},
}
LOCAL = {
    "url": "http://127.0.0.1:8080/prod/",
    "invocations_url": "http://127.0.0.1:8080/prod/invocations",
    "runtime_url": "http://127.0.0.1:8081/",
    "cognito_endpoint": "http://127.0.0.1:8082",
    "user_pool_id": "us-east-1_AbCdEfGhI",
    "client_id": "client",
    "username": "developer",
    "password": "Aa1!",
}


def test_a_deployments_outputs_say_where_its_apis_are(tmp_path: Path) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(OUTPUTS))

    addresses = deployed_addresses(file, token_type=TokenUse.ACCESS)

    assert list(addresses) == ["HelloAgent/Agent"]
    address = addresses["HelloAgent/Agent"]
    assert address.invocations_url == "https://abc.execute-api.eu-west-1.amazonaws.com/prod/invocations"
    assert (address.user_pool_id, address.client_id) == ("eu-west-1_AbCdEfGhI", "client")
    assert address.cognito_url == "https://cognito-idp.eu-west-1.amazonaws.com/"
    assert address.token_type is TokenUse.ACCESS


@pytest.mark.parametrize("agent", ["-billing", "a" * 65, "", "a/b", "ä", "a b"])
def test_an_agent_has_a_name_that_add_agent_takes(agent: str) -> None:
    address = AgentAddress(invocations_url="https://example.com/prod/invocations")

    with pytest.raises(ClientError, match="CLI022"):
        address.url_of(agent)
    assert address.url_of("a" * 64) == f"https://example.com/prod/agents/{'a' * 64}/invocations"


def test_a_browser_sign_in_without_a_page_says_where_its_address_is_found(tmp_path: Path) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(OUTPUTS))

    with pytest.raises(ClientError, match=r"console shows under Domain .* --sign-in-url https://.* \(CLI015\)"):
        next(BrowserSignIn().sign_in(deployed_addresses(file)["HelloAgent/Agent"]))


def test_china_has_a_domain_of_its_own() -> None:
    address = AgentAddress(invocations_url="https://x.cn/", user_pool_id="cn-north-1_AbC", client_id="client")

    assert address.cognito_url == "https://cognito-idp.cn-north-1.amazonaws.com.cn/"


def test_the_file_of_a_local_run_says_who_can_sign_in(tmp_path: Path) -> None:
    file = tmp_path / "local.json"
    file.write_text(json.dumps(LOCAL))

    local = local_run(file)

    assert local.address.cognito_url == "http://127.0.0.1:8082"
    assert (local.username, local.password) == ("developer", "Aa1!")
    assert "Aa1!" not in repr(local)


@pytest.mark.parametrize(("content", "code"), [(None, "CLI023"), ("{", "CLI024"), ('{"url": "x"}', "CLI024")])
def test_a_local_run_that_is_not_there_is_told(tmp_path: Path, content: str | None, code: str) -> None:
    file = tmp_path / "local.json"
    if content is not None:
        file.write_text(content)

    with pytest.raises(ClientError, match=code):
        local_run(file)


@pytest.mark.parametrize(("content", "code"), [("[]", "CLI025"), ("{}", "CLI026"), ('{"Other": {"A": "b"}}', "CLI026")])
def test_outputs_without_an_agent_are_told(tmp_path: Path, content: str, code: str) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(content)

    with pytest.raises(ClientError, match=code):
        deployed_addresses(file)


@pytest.mark.parametrize("url", ["http://example.com/prod/invocations", "ftp://127.0.0.1/", "example.com"])
def test_a_token_is_not_sent_in_the_clear(url: str) -> None:
    with pytest.raises(ClientError, match="CLI027"):
        AgentAddress(invocations_url=url)


def test_signing_in_needs_a_pool_and_a_client() -> None:
    with pytest.raises(ClientError, match="CLI020"):
        AgentAddress(invocations_url="https://example.com/", user_pool_id="us-east-1_A").cognito_url  # noqa: B018
    with pytest.raises(ClientError, match="CLI021"):
        AgentAddress(invocations_url="https://example.com/", user_pool_id="pool", client_id="c").cognito_url  # noqa: B018
