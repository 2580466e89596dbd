"""AWS's partitions: which one a region is in, and how its services' addresses end."""


def partition_of(region: str) -> str:
    """What `AWS::Partition` is in a region."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def url_suffix_of(region: str) -> str:
    """What `AWS::URLSuffix` is in a region."""
    return "amazonaws.com.cn" if partition_of(region) == "aws-cn" else "amazonaws.com"
