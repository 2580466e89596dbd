"""Requirements that name an address: a path, a repository, an archive; and which of them come as source."""

import re

NAMED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*@\s*(.+)$")
REMOTE = re.compile(r"^(?:(?:[a-z][a-z0-9+.]*\+)?(?:https?|ssh|git|ftp|s3)|[a-z]+\+file)://", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_REPOSITORY = re.compile(r"(git|hg|svn|bzr)\+")


def comes_as_source(requirement: str) -> str | None:
    """The name of the package, as far as the requirement tells it, if an address gives its source and no wheel.

    :param requirement: Such as ``prices @ git+https://host/prices.git``, or the address alone.
    """
    named = NAMED.match(requirement.strip())
    address = named[3] if named is not None else re.sub(r"^(-e|--editable)[\s=]+", "", requirement.strip())
    place = re.sub(r"([#;].*|\s--.*|\s;.*)$", "", address).strip()
    repository = _REPOSITORY.match(address)
    if not repository and (not REMOTE.match(address) or place.partition("?")[0].endswith(".whl")):
        return None
    egg = re.search(r"[#&]egg=([A-Za-z0-9._-]+)", address)
    told = named or egg
    if told is not None:
        return told[1]
    path = re.sub(r"^[^/]*//[^/]*", "", place)
    if repository:
        guessed = path.partition("@")[0].rstrip("/").rpartition("/")[2].removesuffix(".git")
    else:
        guessed = re.sub(r"-v?\d.*$|\.(tar\.\w+|zip|tgz)$", "", path.rpartition("/")[2])
    # What an address ends with may be a part of a password, where it is not written rightly.
    return guessed if _NAME.fullmatch(guessed) else None
