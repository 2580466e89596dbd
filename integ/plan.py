"""What a run would do, and about what it costs."""

from collections.abc import Mapping, Sequence

from .lines import Line

# The figures of the lines are estimates from the list prices of tools/cost.py: firewalls and alarms by the hour, short
# sessions for cents, the endpoints and the load balancer of D10 by the hour.
WIDTH = 74


def plan(lines: Sequence[Line], regions: Mapping[str, str]) -> str:
    """A line of text for each line, and the sum."""
    text = [_line(line, regions) for line in lines]
    hours = sum(line.minutes for line in lines) / 60
    text.append(f"\n{len(lines)} lines, about {hours:.1f} hours and {budget(lines):.2f} dollars, one stack at a time.")
    return "\n".join(text)


def budget(lines: Sequence[Line]) -> float:
    """About what the lines cost, in dollars."""
    return sum(line.dollars for line in lines)


def _line(line: Line, regions: Mapping[str, str]) -> str:
    where = ", ".join(dict.fromkeys(regions[step.region] for step in line.steps))
    what = f"{line.title} ({len(line.steps)} steps)" if len(line.steps) > 1 else line.title
    return f"{line.id:<4}{what:<{WIDTH}}{where:<24}{line.minutes:>4} min  ${line.dollars:.2f}"
