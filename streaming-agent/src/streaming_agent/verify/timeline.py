"""Draws when the chunks of an answer came, as SVG: one tick a chunk, the bytes so far as a line."""

from html import escape

from .probe import Exchange

_WIDTH, _HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 56, 64


def timeline_svg(answer: Exchange, title: str) -> str:
    """The drawing."""
    end = max(answer.last, 0.001) * 1.05
    total = max(sum(size for _, size in answer.arrivals), 1)
    right, base = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM

    def x(seconds: float) -> float:
        return round(_LEFT + (right - _LEFT) * seconds / end, 1)

    def y(size: int) -> float:
        return round(base - (base - _TOP) * size / total, 1)

    steps, so_far = [f"M{_LEFT} {base}"], 0
    ticks = []
    for at, size in answer.arrivals:
        so_far += size
        steps.append(f"H{x(at)}V{y(so_far)}")
        ticks.append(f'<line x1="{x(at)}" x2="{x(at)}" y1="{base + 6}" y2="{base + 16}"/>')
    labels = "".join(
        f'<text x="{x(end * part / 5)}" y="{base + 32}" text-anchor="middle">{end * part / 5:.2f}</text>'
        for part in range(6)
    )
    told = (
        f"first chunk after {answer.first:.2f} s, last after {answer.last:.2f} s,"
        f" {len(answer.arrivals)} chunks, {so_far} bytes"
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"
 font-family="sans-serif" font-size="13" fill="#1c2030">
<title>{escape(title)}: {told}</title>
<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>
<text x="{_LEFT}" y="24" font-size="15" font-weight="bold">{escape(title)}</text>
<text x="{_LEFT}" y="42" fill="#5a6178">{told}</text>
<path d="M{_LEFT} {_TOP}V{base}H{right}" fill="none" stroke="#9aa0b5"/>
<text x="{_LEFT - 8}" y="{_TOP + 5}" text-anchor="end">{total}</text>
<text x="{_LEFT - 8}" y="{base + 4}" text-anchor="end">0</text>
<text x="16" y="{(base + _TOP) // 2}" transform="rotate(-90 16 {(base + _TOP) // 2})" text-anchor="middle">bytes</text>
<path d="{"".join(steps)}" fill="none" stroke="#3657d6" stroke-width="2"/>
<g stroke="#3657d6" stroke-width="1.5">{"".join(ticks)}</g>
{labels}
<text x="{(right + _LEFT) // 2}" y="{_HEIGHT - 10}" text-anchor="middle">seconds; one mark a chunk</text>
</svg>
"""
