"""Draws the construct's dashboard for docs/operations.md, from the JSON that its template holds.

    body.py          the dashboard's JSON and its alarms, out of a synthesised template
    example_day.py   the values of its metrics on a made-up day, and lines of the access log
    picture.py       every widget at its place on CloudWatch's grid
    alarms.py, chart.py, table.py   one kind of widget each
    svg.py           the shapes

`make docs-dashboard` runs it; a test compares, so that the picture never shows what the stack does not make.
"""
