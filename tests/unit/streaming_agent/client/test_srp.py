"""The client's half of SRP, against AWS's published vectors and against a server's half that was written apart.

Vectors: aws-sdk-net-extensions-cognito, AuthenticationCryptoTests.cs (Apache-2.0), which amplify-flutter uses too.
"""

from datetime import UTC, datetime

import pytest
from streaming_agent.client.srp import SrpClient, timestamp_of
from streaming_agent.client.srp_group import N
from streaming_agent.local.cognito.srp_server import Handshake

PRIVATE = int.from_bytes(bytes([2] * 1023 + [0]), "big")
SALT = 0xB704A27DEB8CF5EFEC43A40EAC5B60D2
SERVER_PUBLIC = int(
    "f6c76f03232c3a93a634f5e49a74efbfffcd2b81f0dacb2bce0274ae68601b3d42a98feb96ba6a310cc2d4183edac62d"
    "571d0d220258d8753a80c4f8815a10953a21964f19c824916f46417f46d921d7956bf5c10c63e7b1c84ce6e2bc407b4e"
    "0a103a529313f439182c6450ed434d049e0d9dd5da8cf3a1d1f6f2839f55754a7b17444b8c55ff6b13bf63f61e473ad6"
    "fad9f4a1a0b2541b200de07c10296d679b36bf683245cee039842ad9579031e26cb0931ac202fe713fa2c64f920a9830"
    "722f708d5ede7ab0521363e45fb2ad0afefbd65264c39f46d0c4011e2e8dbf8d6c53764719599a359b17bcd4d7e37c76"
    "e9e68adde0dc586a29f835a2decab335a49408fbc8452d2696743f4465d12748851889d405d7287296e93f9abfb9f118"
    "06235bb588e8381a0060a174f5b0959eedba81b94eb383e80465323b1fc85478edcca4b67403a45b73ccbdcd9eaeaceb"
    "d5f2ca32c7344fdbbc15a2a3d060c2b822851a282370a8dacbbfedbc511376a6e8ad95a5ce28fc2b9c37751c8d4314b9",
    16,
)
KEY_SERVER_PUBLIC = int(
    "8d340308265ada665b1b2c730fb65ff0b6dc746b63c2d7e9f08b8aa9306d4848268bc0c17ee4a2999173ca62af59fd74"
    "ba5d00f16c96bea082b163f2c3a0b745455d62cb9577425b4b5d4dadba163a8e7759a7c0256795f464682770588c84e8"
    "2f2c63d4701751476da8e8a7b1a131e78560fe7b56b6761fcef88dcc486f403369a0cac2f04c25ed6d5e08b5a2f48850"
    "0a0d5af4972cfa1213bfca37bbae189c8d58465b13193204f21ea01d267c7688e6e6cb5d3f5a8005db680d272308ee82"
    "3816032dd2c8fc3b95b6fd0a742feb127e3d094cd002a5e6b209415ff82f6abf50d5da43910a0336e9a6fc33dd101bf1"
    "3f22f13fcb3ea3809aae4917d7c426fb8c0a894030c75d3e15f0e1078a9d89e5154391cde6111ac14fab9fa3b3a880da"
    "7dbd47fd5a055937581d26b5d225c076e82f980dcbd77b3950d270d8b622dca9c9bcd8fd6435a59b9690b3c9e2bdabf5"
    "8cae3420c19066abc420145b1b66f226a6493c96588c2d53b637798fcaa573379f2251848065fe1fafb68ed5e79135e9",
    16,
)
ATTEMPT = SrpClient("Pj8nlkpKR", "Password1!", private=PRIVATE)


def test_the_key_is_that_of_awss_vector() -> None:
    assert ATTEMPT._key("User5", SALT, KEY_SERVER_PUBLIC).hex() == "2e66c1b32ff8721a8c4583a19ad982ac"


@pytest.mark.parametrize("server_public", [0, N, 2 * N])
def test_a_servers_value_that_gives_the_password_away_is_refused(server_public: int) -> None:
    with pytest.raises(ValueError, match="multiple of N"):
        ATTEMPT.signature("User5", salt=SALT, server_public=server_public, secret_block="", timestamp="")


@pytest.mark.parametrize("attempt", range(4))
def test_a_server_that_was_written_apart_takes_the_signature(attempt: int) -> None:
    client = SrpClient("Pool", "right")
    handshake = Handshake("Pool", "user", "right", client.public)
    now = timestamp_of(datetime.now(UTC))

    def signature(password: str) -> str:
        return SrpClient("Pool", password, private=client.private).signature(
            "user",
            salt=handshake.salt,
            server_public=handshake.server_b(),
            secret_block=handshake.secret_block,
            timestamp=now,
        )

    assert handshake.proves(signature("right"), now)
    assert not handshake.proves(signature("wrong"), now)


def test_the_timestamp_is_cognitos_on_every_machine() -> None:
    assert timestamp_of(datetime(2017, 6, 5, 7, 0, 0, tzinfo=UTC)) == "Mon Jun 5 07:00:00 UTC 2017"
