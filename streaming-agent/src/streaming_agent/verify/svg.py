"""Writes a drawing as SVG: a white sheet with a title, and marks on it."""

from html import escape

INK, FADED, LINE, BLUE = "#1c2030", "#5a6178", "#9aa0b5", "#3657d6"


class Drawing:
    """One sheet; marks are added in the order in which they are painted.

    :param width: In pixels, as `height`.
    :param title: What is drawn: its bold first line.
    :param told: What the drawing shows, for those who do not see it.
    """

    def __init__(self, width: int, height: int, *, title: str, told: str, left: int) -> None:
        self._width = width
        self._height = height
        self._told = told
        self._marks: list[str] = []
        self.text(left, 24, title, size=15, bold=True)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        size: int = 13,
        bold: bool = False,
        fill: str = INK,
        upright: bool = False,
    ) -> None:
        """Words that begin, end or are centred here (`start`, `end`, `middle`); `upright` ones read upwards."""
        weight = ' font-weight="bold"' if bold else ""
        turn = f' transform="rotate(-90 {x:g} {y:g})"' if upright else ""
        self._marks.append(
            f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}"{weight} fill="{fill}"{turn}>'
            f"{escape(words)}</text>"
        )

    def rectangle(self, x: float, y: float, width: float, height: float, *, fill: str) -> None:
        """A filled one."""
        self._marks.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:g}" height="{height:.1f}" rx="2" fill="{fill}"/>'
        )

    def line(
        self, start: tuple[float, float], end: tuple[float, float], *, stroke: str = LINE, width: float = 1
    ) -> None:
        """From one point to another."""
        (x1, y1), (x2, y2) = start, end
        self._marks.append(
            f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{stroke}" stroke-width="{width:g}"/>'
        )

    def path(self, steps: str, *, stroke: str = LINE, width: float = 1) -> None:
        """A line, in SVG's own letters."""
        self._marks.append(f'<path d="{steps}" fill="none" stroke="{stroke}" stroke-width="{width:g}"/>')

    def svg(self) -> str:
        """The file's content."""
        size = f'viewBox="0 0 {self._width} {self._height}"'
        return "\n".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="sans-serif" font-size="13">',
                f"<title>{escape(self._told)}</title>",
                f'<rect width="{self._width}" height="{self._height}" fill="#ffffff"/>',
                *self._marks,
                "</svg>\n",
            )
        )
