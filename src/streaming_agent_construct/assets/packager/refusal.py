"""PackagingError: what the user must change before the folder can be packaged, in one sentence with a code."""

import re

# A name and password, or a token, in an address: https://name:password@host/, https://token@host/. A password that is
# not encoded may hold a slash or another @; a number behind the colon is a port.
_IN_ADDRESS = re.compile(r"(?<=://)(?:[^/\s'\"`]+@|[^\s/@'\"`:]+:(?!\d+(?:[/\s'\"`]|$))[^\s'\"`]*@)")
# The same in an address that is not written rightly.
_BESIDE_ADDRESS = re.compile(r"(?<![^\s/@'\"`=])[^\s/@'\"`=:]+:[^\s/@'\"`]+@(?=[\w.-])")
# Longer words are cut: no value that a user wrote is, on purpose.
_LONG = re.compile(r"\S{400,}")


class PackagingError(ValueError):
    """A folder that cannot be packaged as it is. `docs/errors.md` explains each code."""

    def __init__(self, code: str, sentence: str) -> None:
        """
        :param code: Such as ``SAC015``.
        :param sentence: What is wrong and what to do; a name and password in an address are taken out.
        """
        self.code = code
        self.sentence = shortened(without_credentials(sentence))
        super().__init__(self.sentence)


def without_credentials(text: str) -> str:
    """The text, with `***` in the place of a name and password in an address."""
    return _BESIDE_ADDRESS.sub("***@", _IN_ADDRESS.sub("***@", text))


def shortened(text: str) -> str:
    """The text with its longest words cut."""
    return _LONG.sub(lambda found: f"{found[0][:200]}…", text)


def holds_credentials(text: str) -> bool:
    """Whether an address in the text holds a name and password."""
    # ${VARIABLE} is how requirement files name a variable of the environment: no credential stands there.
    return any("${" not in found.group() and found.group() != "git@" for found in _IN_ADDRESS.finditer(text))
