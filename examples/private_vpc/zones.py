"""Availability zones in which AgentCore runs, by id: a name such as us-east-1a is another zone in each account."""

from collections.abc import Sequence

from aws_cdk import Aws, CfnMapping
from constructs import Construct

# AC agentcore-vpc, "Supported Availability Zones", read on 25 November 2026; us-west-1 and ap-south-2 are not in it.
ZONE_IDS = {
    "us-east-1": ["use1-az1", "use1-az2", "use1-az4"],
    "us-east-2": ["use2-az1", "use2-az2", "use2-az3"],
    "us-west-2": ["usw2-az1", "usw2-az2", "usw2-az3"],
    "ca-central-1": ["cac1-az1", "cac1-az2", "cac1-az4"],
    "sa-east-1": ["sae1-az1", "sae1-az2", "sae1-az3"],
    "eu-west-1": ["euw1-az1", "euw1-az2", "euw1-az3"],
    "eu-west-2": ["euw2-az1", "euw2-az2", "euw2-az3"],
    "eu-west-3": ["euw3-az1", "euw3-az2", "euw3-az3"],
    "eu-central-1": ["euc1-az1", "euc1-az2", "euc1-az3"],
    "eu-north-1": ["eun1-az1", "eun1-az2", "eun1-az3"],
    "eu-south-1": ["eus1-az1", "eus1-az2", "eus1-az3"],
    "eu-south-2": ["eus2-az1", "eus2-az2", "eus2-az3"],
    "ap-south-1": ["aps1-az1", "aps1-az2", "aps1-az3"],
    "ap-northeast-1": ["apne1-az1", "apne1-az2", "apne1-az4"],
    "ap-northeast-2": ["apne2-az1", "apne2-az2", "apne2-az3"],
    "ap-southeast-1": ["apse1-az1", "apse1-az2", "apse1-az3"],
    "ap-southeast-2": ["apse2-az1", "apse2-az2", "apse2-az3"],
    "ap-southeast-5": ["apse5-az1", "apse5-az2", "apse5-az3"],
    "ap-southeast-7": ["apse7-az1", "apse7-az2", "apse7-az3"],
    "us-gov-west-1": ["usgw1-az1", "usgw1-az2", "usgw1-az3"],
}


def zone_ids(scope: Construct, count: int) -> Sequence[str]:
    """The ids in the context value `zone_ids`, or else the first ones of the table for the Region of the deployment."""
    chosen = scope.node.try_get_context("zone_ids")
    if chosen is None:
        regions = {region: {f"zone{number}": one for number, one in enumerate(ids)} for region, ids in ZONE_IDS.items()}
        table = CfnMapping(scope, "AgentCoreZones", mapping=regions)
        return [table.find_in_map(Aws.REGION, f"zone{number}") for number in range(count)]
    # On the command line it is text: -c zone_ids=use1-az1,use1-az2
    ids = chosen.split(",") if isinstance(chosen, str) else list(chosen)
    if len(set(ids)) != count:
        raise ValueError(f"zone_ids: expected {count} different zones, got {ids}; write 'use1-az1,use1-az2'")
    return ids
