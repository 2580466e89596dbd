"""Draws when the chunks of an answer came: one tick a chunk, the bytes so far as a line."""

from .probe import Exchange
from .svg import BLUE, FADED, Drawing

_WIDTH, _HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 56, 64


def timeline_svg(answer: Exchange, title: str) -> str:
    """The drawing."""
    end = max(answer.last, 0.001) * 1.05
    total = max(sum(size for _, size in answer.arrivals), 1)
    right, base = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    told = (
        f"first chunk after {answer.first:.2f} s, last after {answer.last:.2f} s,"
        f" {len(answer.arrivals)} chunks, {sum(size for _, size in answer.arrivals)} bytes"
    )
    drawing = Drawing(_WIDTH, _HEIGHT, title=title, told=f"{title}: {told}", left=_LEFT)
    drawing.text(_LEFT, 42, told, fill=FADED)
    drawing.path(f"M{_LEFT} {_TOP}V{base}H{right}")
    drawing.text(_LEFT - 8, _TOP + 5, str(total), anchor="end")
    drawing.text(_LEFT - 8, base + 4, "0", anchor="end")
    drawing.text(16, (base + _TOP) // 2, "bytes", anchor="middle", upright=True)

    def x(seconds: float) -> float:
        return round(_LEFT + (right - _LEFT) * seconds / end, 1)

    steps, so_far = [f"M{_LEFT} {base}"], 0
    for at, size in answer.arrivals:
        so_far += size
        steps.append(f"H{x(at)}V{round(base - (base - _TOP) * so_far / total, 1)}")
        drawing.line((x(at), base + 6), (x(at), base + 16), stroke=BLUE, width=1.5)
    drawing.path("".join(steps), stroke=BLUE, width=2)
    for part in range(6):
        drawing.text(x(end * part / 5), base + 32, f"{end * part / 5:.2f}", anchor="middle")
    drawing.text((right + _LEFT) // 2, _HEIGHT - 10, "seconds; one mark a chunk", anchor="middle")
    return drawing.svg()
