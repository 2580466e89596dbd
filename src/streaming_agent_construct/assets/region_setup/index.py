"""Sets up what CloudFormation cannot; all of it outlives the stack."""

import json
import time
import urllib.request

import boto3
from botocore.exceptions import ClientError

# IAM's changes are seen later; UpdateAccount is allowed once in 20 s, to all stacks.
RETRIED = ("BadRequest", "TooManyRequests", "Conflict", "NoSuchEntity", "ConcurrentModification", "OperationAborted")


def handler(event, context):
    status, reason = "SUCCESS", "done"
    try:
        wanted = event["ResourceProperties"]
        if event["RequestType"] != "Delete":
            if "LogGroupName" in wanted:
                keep_log(boto3.client("logs"), wanted, event.get("OldResourceProperties", {}), context)
            else:
                set_account_role(boto3.client("apigateway"), boto3.client("iam"), wanted, context)
    except Exception as error:
        status, reason = "FAILED", str(error)
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    answer.update(Status=status, Reason=reason, PhysicalResourceId=event["LogicalResourceId"])
    body = json.dumps(answer).encode()
    urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], body, {"Content-Type": ""}, method="PUT"))


def set_account_role(apigateway, iam, wanted, context):
    """Gives API Gateway a role for its logs where it has none that exists."""

    def attempt():
        current = apigateway.get_account().get("cloudwatchRoleArn")
        if not current or not exists(iam, current):
            role = {"op": "replace", "path": "/cloudwatchRoleArn", "value": make_role(iam, wanted)}
            apigateway.update_account(patchOperations=[role])

    instead = "set it by hand (API Gateway, set-up-logging) and pass Observability(account_role=False)"
    retry(attempt, context, "the account's role for API Gateway's logs", instead)


def exists(iam, arn):
    try:
        iam.get_role(RoleName=arn.split("/")[-1])
    except ClientError as error:
        # A role that may not be looked at stays.
        return error.response["Error"]["Code"] != "NoSuchEntity"
    return True


def make_role(iam, wanted):
    name = wanted["RoleName"]
    service = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [service]})
    try:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    except iam.exceptions.EntityAlreadyExistsException:
        pass
    iam.attach_role_policy(RoleName=name, PolicyArn=wanted["PolicyArn"])
    return iam.get_role(RoleName=name)["Role"]["Arn"]


def keep_log(logs, wanted, before, context):
    """Keeps an agent's log group; makes it where AgentCore has not yet."""
    name, days = wanted["LogGroupName"], int(wanted["RetentionInDays"])

    def attempt():
        try:
            logs.create_log_group(logGroupName=name)
        except logs.exceptions.ResourceAlreadyExistsException:
            pass
        if days:
            logs.put_retention_policy(logGroupName=name, retentionInDays=days)
        else:
            logs.delete_retention_policy(logGroupName=name)
        if "KmsKeyId" in wanted:
            logs.associate_kms_key(logGroupName=name, kmsKeyId=wanted["KmsKeyId"])
        elif "KmsKeyId" in before and before["LogGroupName"] == name:
            logs.disassociate_kms_key(logGroupName=name)

    retry(attempt, context, name, "see which policy of the organization or key forbids it")


def retry(attempt, context, what, instead):
    while True:
        try:
            return attempt()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            # The function's own policy may be new.
            again = code.startswith(RETRIED) or "no identity-based policy" in str(error)
            if not again or context.get_remaining_time_in_millis() < 30000:
                hint = f": {instead}" if code.startswith("AccessDenied") else ""
                raise RuntimeError(f"{what} cannot be set{hint} ({error})") from error
        time.sleep(20)
