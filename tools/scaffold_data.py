"""Copies what `streaming-agent init` takes from the examples as it is: `make scaffold-data`.

Copies, not links: a source distribution does not hold what lies outside its folder.
"""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
DATA = ROOT / "streaming-agent" / "src" / "streaming_agent" / "scaffold" / "data"
FILES = {
    "website.py.txt": "chat_web/website.py",
    "findings.py.txt": "chat_web/findings.py",
    "strands.scripted_model.py.txt": "frameworks/strands_agent/scripted_model.py",
    "langgraph.scripted_model.py.txt": "frameworks/langgraph_agent/scripted_model.py",
    "openai-agents.scripted_model.py.txt": "frameworks/openai_agent/scripted_model.py",
    "pydantic-ai.scripted_model.py.txt": "frameworks/pydantic_agent/scripted_model.py",
}


def main() -> None:
    """Writes the folder anew."""
    shutil.rmtree(DATA, ignore_errors=True)
    shutil.copytree(EXAMPLES / "chat_web" / "web", DATA / "web")
    for name, example in FILES.items():
        shutil.copyfile(EXAMPLES / example, DATA / name)


if __name__ == "__main__":
    main()
