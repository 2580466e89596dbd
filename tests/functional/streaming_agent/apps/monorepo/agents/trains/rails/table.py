"""The timetable."""

from house_style.titles import title
from roman_numerals import RomanNumeral


def departure(place: str) -> str:
    return f"{title(place)}: platform {RomanNumeral(4)}, at noon."
