"""What the colours of the dashboard mean."""

# Traffic, and how long it takes.
BLUE = "#1f77b4"
LIGHT_BLUE = "#6baed6"
# What fails.
RED = "#d62728"
# What meets a limit.
ORANGE = "#ff7f0e"
# What the firewall blocks.
BROWN = "#8c564b"
# What is there to compare with.
GREY = "#7f7f7f"
# The threshold of an alarm.
PURPLE = "#9467bd"
