"""The one error that the constructs raise: a sentence that says what to write instead, and a code to look it up by."""

_DOCS = "https://github.com/streaming-agent-construct/streaming-agent-construct/blob/main/docs/errors.md"


class StreamingAgentError(ValueError):
    """A combination that cannot work on AWS, refused before anything is synthesised.

    Languages other than Python receive a plain error with the same text.
    """

    code: str
    """The code that ``docs/errors.md`` explains, such as ``SAC003``."""
    docs_url: str
    """The address of that explanation."""

    def __init__(self, code: str, sentence: str) -> None:
        """
        :param code: The code that ``docs/errors.md`` explains.
        :param sentence: What is wrong, with the value, and what to write instead.
        """
        # A value with a line break in it would make two lines of one sentence.
        super().__init__(f"{_with_late_values_named(sentence)} ({code})".replace("\n", "\\n"))
        self.code = code
        self.docs_url = f"{_DOCS}#{code.lower()}"


def _with_late_values_named(sentence: str) -> str:
    """The sentence without the CDK's tokens, which stand in the place of values known only at deployment."""
    parts = sentence.replace("#{Token[", "${Token[").split("${Token[")
    readable = parts[0]
    for number in range(1, len(parts)):
        pieces = parts[number].split("]}", maxsplit=1)
        readable = f"{readable}<known only at deployment>{pieces[1] if len(pieces) == 2 else ''}"
    return readable
