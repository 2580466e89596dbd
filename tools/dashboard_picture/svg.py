"""The shapes of the picture, as text. Widths of words are guessed on the wide side: every reader has other fonts."""

from html import escape

INK, FAINT, LINE, PAPER, GROUND = "#16191f", "#545b64", "#d5dbdb", "#ffffff", "#eaeded"
TITLE_SIZE, TEXT_SIZE = 16, 14


def text(
    x: float, y: float, words: str, *, size: int = TEXT_SIZE, fill: str = INK, bold: bool = False, anchor: str = "start"
) -> str:
    """One line of words."""
    weight = ' font-weight="bold"' if bold else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}"{weight}{place}>{escape(words)}</text>'


def box(
    x: float, y: float, width: float, height: float, *, fill: str, stroke: str | None = None, radius: float = 0
) -> str:
    """A rectangle."""
    border = f' stroke="{stroke}"' if stroke else ""
    corners = f' rx="{radius:g}"' if radius else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"{border}{corners}/>'


def line(points: list[tuple[float, float]], *, stroke: str, width: float = 1, dash: str | None = None) -> str:
    """A line through points; those in the middle of a level stretch are left out."""
    kept = [
        point
        for index, point in enumerate(points)
        if index in (0, len(points) - 1)
        or not (round(points[index - 1][1], 1) == round(point[1], 1) == round(points[index + 1][1], 1))
    ]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    path = " ".join(f"{round(x, 1):g},{round(y, 1):g}" for x, y in kept)
    return f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{width:g}"{dashes}/>'


def width_of(words: str, size: int = TEXT_SIZE, *, bold: bool = False) -> float:
    """How wide words are at most, in any of the usual sans-serif fonts."""
    return len(words) * size * (0.66 if bold else 0.61)


def fitted(words: str, width: float, size: int = TEXT_SIZE) -> str:
    """The words, cut with an ellipsis where they are wider than that."""
    most = int(width / (size * 0.61))
    return words if len(words) <= most else words[: max(0, most - 1)] + "…"
