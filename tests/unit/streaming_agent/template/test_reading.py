"""Files that are templates, and files that are not: each of the latter is refused in one sentence."""

import os
from pathlib import Path

import pytest
from streaming_agent.template import Refusal, TemplateSet

GOOD = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: !Sub
        - "${name}-api"
        - name: chat
"""


def write(folder: Path, content: str | bytes, name: str = "template.yaml") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def name_of_api(path: Path) -> object:
    (api,) = TemplateSet.read(path).view().resources("AWS::ApiGateway::RestApi")
    return api.get("Name")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, encoding: str) -> None:
    assert name_of_api(write(tmp_path, GOOD.encode(encoding))) == "chat-api"


def test_json_in_a_file_of_any_name_is_read(tmp_path: Path) -> None:
    body = '{"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "chat"}}}}'
    assert name_of_api(write(tmp_path, body, "template.txt")) == "chat"


def test_yaml_in_flow_style_is_no_broken_json(tmp_path: Path) -> None:
    body = "{Resources: {Api: {Type: AWS::ApiGateway::RestApi,\n Properties: {Name: !Ref AWS::NoValue}}}}"
    assert name_of_api(write(tmp_path, body)) is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("012345678901", "012345678901"),
        ("2012-10-17", "2012-10-17"),
        ("1:30", "1:30"),
        ("yes", True),
        ("1_000", 1000),
        ("~", None),
        ("'true'", "true"),
    ],
)
def test_a_scalar_is_what_cloudformation_takes_it_for(tmp_path: Path, written: str, value: object) -> None:
    assert name_of_api(write(tmp_path, GOOD[: GOOD.index("Name:")] + f"Name: {written}\n")) == value


def test_aliases_and_merge_keys_are_written_out(tmp_path: Path) -> None:
    body = """\
Shared: &shared {Name: shared, Description: one}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      <<: *shared
      Name: own
"""
    (api,) = TemplateSet.read(write(tmp_path, body)).view().resources("AWS::ApiGateway::RestApi")

    assert (api.get("Name"), api.get("Description")) == ("own", "one")
    assert api.line("Name") == 7


LINES = """\
{"Resources": {
  "Api": {
    "Type": "AWS::ApiGateway::RestApi",
    "Properties": {
      "Text": "a {\\"[,: b",
      "Types": [
        1,
        {"Deep": [[],
          2]}
      ],
      "Last": true}}}}
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("Text",), 5),
        (("Types",), 6),
        (("Types", 0), 7),
        (("Types", 1, "Deep", 1), 9),
        (("Last",), 11),
        (("Types", 1, "Missing"), 8),
        (("Missing",), 4),
    ],
)
def test_each_property_of_a_json_template_has_its_line(tmp_path: Path, path: tuple[str | int, ...], line: int) -> None:
    (api,) = TemplateSet.read(write(tmp_path, LINES, "a.json")).view().resources("AWS::ApiGateway::RestApi")
    assert api.line(*path) == line


def test_a_property_of_a_yaml_template_has_its_line_through_tags(tmp_path: Path) -> None:
    body = GOOD.replace("!Sub\n        - ", "!If\n        - ").replace('"${name}-api"', "Live")
    body = body.replace("        - name: chat", "        - {First: 1}\n        - Second:\n            Third: 2")
    (api,) = TemplateSet.read(write(tmp_path, body)).view().resources("AWS::ApiGateway::RestApi")

    assert api.line("Name", "First") == 7
    assert api.line("Name", "Second", "Third") == 9


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        ("", "t.yaml", "is empty: name a template with a Resources section (SAL092)"),
        ("# nothing\n", "t.yaml", "is empty: name a template with a Resources section (SAL092)"),
        (b"\x7fELF\x02\x01\x01\0\0\0", "t.yaml", "is a binary file, and a template is JSON or YAML"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "t.yaml", "is not text in UTF-8: byte 0 cannot be read (SAL092)"),
        ("a: [1, 2\nb: 3\n", "t.yaml", "is not YAML: "),
        ("\tResources: {}", "t.yaml", "is not YAML: "),
        ('{"Resources": {,}}', "t.json", "is not JSON: expecting property name"),
        ("Resources: {}", "t.json", "is not JSON: it begins with"),
        ('{"Resources": NaN}', "t.json", "is not JSON: NaN is no JSON value (SAL093)"),
        (r'{"Resources": {"A": {"Type": "\ud800"}}}', "t.json", r"has half a character, \ud800: write both halves"),
        (r'{"Resources": {"\uDFFF": 1}}', "t.json", r"has half a character, \udfff: write both halves"),
        (r'Resources: {A: {Type: "\ud800"}}', "t.yaml", "t.yaml"),
        ("[" * 5000, "t.json", "is nested more than 100 levels deep: write it with fewer levels (SAL094)"),
        ('{"a": "[[", "b": ' + "[" * 101, "t.json", "is nested more than 100 levels deep"),
        ('"' + "[" * 200, "t.json", "is not JSON: it begins with"),
        ('{"a": "' + "[" * 200 + '", }', "t.json", "is not JSON: "),
        ("[" * 5000 + "]" * 5000, "t.json", "is nested more than 100 levels deep"),
        ("[" * 5000 + "]" * 5000, "t.yaml", "levels deep: write it with fewer levels (SAL094)"),
        ("a: " + "[" * 400 + "]" * 400, "t.yaml", "is nested more than 100 levels deep"),
        (BOMB, "t.yaml", "holds more than 500,000 values once its aliases are written out (SAL094)"),
        ("Resources: &r {a: *r}", "t.yaml", "the alias *r in line 1 refers to itself (SAL094)"),
        ("a: *b", "t.yaml", "the alias *b in line 1 has no anchor (SAL094)"),
        ("{[a]: b}\n!x", "t.yaml", "has a list or mapping as a key in line 1 (SAL093)"),
        ("a: 1\n---\nb: 2\n", "t.yaml", "holds several YAML documents"),
        ("just a text", "t.yaml", "holds a text, and a template is a mapping with Resources (SAL096)"),
        ("[1]", "t.json", "holds a list, and a template is a mapping with Resources (SAL096)"),
        ("{}", "t.json", "has no Resources, and a template has a mapping of resources there (SAL096)"),
        ('{"Resources": [1]}', "t.json", "has a list as its Resources"),
        ('{"Resources": {"A": 5}}', "t.json", "Resources.A is a number, and a resource is a mapping with a Type"),
        ('{"Resources": {"A": {"Type": []}}}', "t.json", "Resources.A.Type is a list, and must be the name of"),
        ('{"Resources": {"A": {"Type": "x", "Properties": "y"}}}', "t.json", "Resources.A.Properties is a text"),
        ('{"Parameters": 3, "Resources": {}}', "t.json", "Parameters in line 1 is a number, and must be a mapping"),
        ('{"Resources": {"A": ' + "9" * 5000 + "}}", "t.json", "is not JSON"),
    ],
)
def test_what_is_no_template_is_refused_in_one_sentence(
    tmp_path: Path, content: str | bytes, name: str, sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        TemplateSet.read(write(tmp_path, content, name))

    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_of_5_mb_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"has 5,000,000 bytes, and at most 2,000,000 are read") as refused:
        TemplateSet.read(write(tmp_path, b"a" * 5_000_000))
    assert refused.value.code == "SAL091"


def test_a_symbolic_link_that_leads_to_itself_is_named(tmp_path: Path) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.symlink_to(other)
    other.symlink_to(one)

    with pytest.raises(Refusal, match="is a symbolic link that leads back to itself"):
        TemplateSet.read(one)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(Refusal, match=r"is a pipe, and a template is a file: name the file \(SAL091\)$") as refused:
        TemplateSet.read(tmp_path / "pipe.yaml")
    assert refused.value.code == "SAL091"


@pytest.mark.parametrize("name", ["missing.yaml", "nul\0byte.yaml", "x" * 300])
def test_a_path_that_leads_to_no_file_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match="SAL090"):
        TemplateSet.read(tmp_path / name)


def test_a_character_of_the_symbols_plane_in_a_template_is_no_symbol(tmp_path: Path) -> None:
    escaped = '{"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "\\udb80\\udc00"}}}}'
    assert name_of_api(write(tmp_path, escaped, "escaped.json")) == "\ufffd"
    assert name_of_api(write(tmp_path, escaped.replace("\\udb80\\udc00", "\U000f0000"), "plain.json")) == "\ufffd"
