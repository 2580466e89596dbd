"""What a fuzz once found stays right, and a short one with fixed seeds finds nothing."""

import random
from pathlib import Path

from tests.fuzz import local_run, requirements, templates
from tests.fuzz.kept import kept


def test_a_short_fuzz_of_templates_finds_nothing(tmp_path: Path) -> None:
    bodies, code = templates.corpus(), templates.code_corpus()
    inputs = [item for found in kept("templates") for item in found.items()]
    inputs += [templates.one_input(random.Random(seed), bodies, code) for seed in range(40)]
    for number, (name, content) in enumerate(inputs):
        assert templates.tried(tmp_path, name, content) is None, number


def test_a_short_fuzz_of_the_local_run_finds_nothing(tmp_path: Path) -> None:
    bodies = local_run.seeds()
    file = tmp_path / "Chat.template.json"
    inputs = [content for found in kept("local_run") for content in found.values() for _ in range(5)]
    inputs += [local_run.one_input(random.Random(seed), bodies) for seed in range(150)]
    for number, content in enumerate(inputs):
        file.write_bytes(content)
        assert local_run.tried(file, random.Random(number)) is None, number


def test_a_short_fuzz_of_requirements_finds_nothing(tmp_path: Path) -> None:
    for number, found in enumerate(kept("requirements")):
        folder = tmp_path / f"found-{number}"
        folder.mkdir()
        requirements.put(folder, found)
        assert requirements.tried(folder, through_uv=False) is None, number
    for seed in range(40):
        folder = tmp_path / str(seed)
        folder.mkdir()
        requirements.planted(random.Random(seed), folder)
        assert requirements.tried(folder, through_uv=False) is None, seed
