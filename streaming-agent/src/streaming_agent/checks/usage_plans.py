"""Usage plans: which ones hold for a stage."""

from ..template import ApiStage, TemplateResource
from .agent_routes import CheckContext


def usage_plans(context: CheckContext, stage: ApiStage) -> list[TemplateResource]:
    """The usage plans that name a stage."""
    names = {str(stage.name), stage.resource.identity, stage.resource.attribute("Stage")}
    found = []
    for plan in context.view.resources("AWS::ApiGateway::UsagePlan"):
        for one in plan.items("ApiStages"):
            if isinstance(one, dict) and one.get("ApiId") == stage.api.identity and str(one.get("Stage")) in names:
                found.append(plan)
    return found


def has_sam_plan(stage: ApiStage, *steps: str) -> bool:
    """Whether SAM makes a usage plan for the API (SAM guide, sam-property-api-apiusageplan), with this property."""
    api = stage.api
    if not api.is_sam or api.resource is None:
        return False
    made = api.resource.text("Auth", "UsagePlan", "CreateUsagePlan") in ("PER_API", "SHARED")
    return made and (not steps or api.resource.has("Auth", "UsagePlan", *steps))
