"""Says when a train goes; its rails are in a package of its own."""

from house_style import serve
from rails.table import departure


def answer(prompt: str) -> str:
    return departure(prompt)


if __name__ == "__main__":
    serve(answer)
