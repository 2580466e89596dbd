"""What the app deploys."""

from typing import Any

from syrupy.assertion import SnapshotAssertion


def test_template(template: Any, snapshot: SnapshotAssertion) -> None:
    assert template == snapshot


def test_names_that_are_the_accounts_in_all_regions_are_this_stacks_only(template: Any) -> None:
    resources = {one["Type"]: one["Properties"] for one in template["Resources"].values()}
    access = resources["AWS::CloudFront::OriginAccessControl"]["OriginAccessControlConfig"]["Name"]
    headers = resources["AWS::CloudFront::ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]["Name"]
    for name in (access, headers):
        assert {"Ref": "AWS::StackId"} in name["Fn::Join"][1][1]["Fn::Select"][1]["Fn::Split"]
