"""The same app, which lets two questions through in a thousand seconds."""

import sys
from pathlib import Path

from aws_cdk import App

sys.path.append(str(Path(__file__).parents[1]))

from app import chat_stack

from streaming_agent_construct import Protection, Throttle

app = App()
chat_stack(app, protection=Protection(throttle=Throttle(rate_limit=0.001, burst_limit=2)))
app.synth()
