"""Says what the weather will be."""

from house_style import serve


def answer(prompt: str) -> str:
    return f"It will rain in {prompt}."


if __name__ == "__main__":
    serve(answer)
