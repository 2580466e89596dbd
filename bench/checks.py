"""The time of `streaming-agent check`, whole process, beside cfn-lint's on the same files.

`python -m bench.checks` makes a template of 400 resources around the good one of the tests, in JSON and in YAML, and
runs each checker on it and on the good template alone; it prints the median of some runs and the import time.
"""

import argparse
import copy
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml
from streaming_agent.template.parsed import parse

GOOD = Path(__file__).parents[1] / "tests" / "unit" / "streaming_agent" / "checks" / "good" / "runtime.yaml"
CHECK = [sys.executable, "-c", "from streaming_agent.cli.main import main; raise SystemExit(main())", "check"]
IMPORT = [sys.executable, "-c", "import streaming_agent.checks.check_run"]


def grown(body: dict[str, Any], count: int) -> dict[str, Any]:
    """The template with functions, roles, tables and further routes, as a larger stack has them."""
    body = copy.deepcopy(body)
    number = 0
    while len(body["Resources"]) < count:
        number += 1
        body["Resources"] |= {
            f"Role{number}": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"Service": "lambda.amazonaws.com"},
                                "Action": "sts:AssumeRole",
                            }
                        ]
                    },
                    "Policies": [
                        {
                            "PolicyName": "read",
                            "PolicyDocument": {
                                "Statement": [
                                    {
                                        "Effect": "Allow",
                                        "Action": ["dynamodb:GetItem", "dynamodb:Query"],
                                        "Resource": {"Fn::GetAtt": [f"Table{number}", "Arn"]},
                                    }
                                ]
                            },
                        }
                    ],
                },
            },
            f"Function{number}": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Runtime": "python3.13",
                    "Handler": "index.handler",
                    "Code": {"ZipFile": "def handler(event, context): return {}"},
                    "Role": {"Fn::GetAtt": [f"Role{number}", "Arn"]},
                    "Environment": {"Variables": {"TABLE": {"Ref": f"Table{number}"}}},
                },
            },
            f"Table{number}": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                },
            },
            f"Part{number}": {
                "Type": "AWS::ApiGateway::Resource",
                "Properties": {"RestApiId": {"Ref": "Api"}, "ParentId": {"Ref": "Chat"}, "PathPart": f"part{number}"},
            },
            f"Get{number}": {
                "Type": "AWS::ApiGateway::Method",
                "Properties": {
                    "RestApiId": {"Ref": "Api"},
                    "ResourceId": {"Ref": f"Part{number}"},
                    "HttpMethod": "GET",
                    "AuthorizationType": "COGNITO_USER_POOLS",
                    "AuthorizerId": {"Ref": "Callers"},
                    "Integration": {
                        "Type": "AWS_PROXY",
                        "IntegrationHttpMethod": "POST",
                        "Uri": {
                            "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/"
                            f"functions/${{Function{number}.Arn}}/invocations"
                        },
                    },
                },
            },
        }
    return body


def timed(command: list[str], runs: int) -> tuple[float, float]:
    """The medians of some runs, whole process: seconds on the clock and of CPU."""
    walls, cpus = [], []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        subprocess.run(command, capture_output=True, check=False)
        walls.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(walls), statistics.median(cpus)


def shown(times: tuple[float, float]) -> str:
    """Both times in words."""
    return f"{times[0]:.2f} s ({times[1]:.2f} s CPU)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    good = parse(GOOD.read_text(encoding="utf-8"), str(GOOD)).value
    large = grown(good, 400)
    cfn_lint = shutil.which("cfn-lint")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {
            "good.yaml": GOOD.read_text(encoding="utf-8"),
            "400.json": json.dumps(large, indent=1),
            "400.yaml": yaml.safe_dump(large, sort_keys=False),
        }
        bare, imported = timed([sys.executable, "-c", ""], runs), timed(IMPORT, runs)
        print(f"import of the checks: {shown((imported[0] - bare[0], imported[1] - bare[1]))}")
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
            count = len(parse(text, file).value["Resources"])
            line = f"{file}: {count} resources, {len(text):,} bytes: {shown(timed([*CHECK, str(folder / file)], runs))}"
            if cfn_lint:
                line += f", cfn-lint {shown(timed([cfn_lint, str(folder / file)], runs))}"
            print(line)


if __name__ == "__main__":
    main()
