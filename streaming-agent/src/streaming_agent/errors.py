"""The error family of this distribution: one sentence, and a code that docs/errors.md explains."""

_PAGE = "https://github.com/streaming-agent-construct/streaming-agent-construct/blob/main/docs/errors.md"


class CodedError(Exception):
    """What went wrong, in one sentence that says what to do, and the code of its explanation.

    Example::

        try:
            local_run()
        except CodedError as error:
            print(error, error.docs_url)
    """

    code: str
    """The code that ``docs/errors.md`` explains, such as ``CLI045``."""
    sentence: str
    """The message without its code."""
    docs_url: str
    """The address of the explanation."""

    def __init__(self, code: str, sentence: str) -> None:
        # a value with a line break in it would make two lines of one sentence
        self.code = code
        self.sentence = sentence.replace("\r", "\\r").replace("\n", "\\n")
        self.docs_url = f"{_PAGE}#{code.lower()}"
        super().__init__(f"{self.sentence} ({code})")


class Refusal(CodedError):
    """A command, a template or an option that cannot be carried out."""


class AgentMistake(CodedError, ValueError):
    """Something in an agent's own code that cannot work, refused when its module is imported or when it is served."""
