"""Refusal: what cannot be done, in one sentence with a code that docs/errors.md explains."""


class Refusal(ValueError):
    """One lowercase sentence that shows the value and says what to write instead, followed by its code."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{sentence} ({code})")
        self.code = code
        self.sentence = sentence
