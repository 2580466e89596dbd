"""Web ACLs as the rules see them: which one stands before a stage, and what it does."""

from collections.abc import Iterator
from typing import Any

from ..template import ApiStage, TemplateResource
from ..template.symbols import SYMBOL
from .agent_routes import CheckContext

_QUERY = ("SingleQueryArgument", "AllQueryArguments", "QueryString")


def associations(context: CheckContext) -> Iterator[tuple[TemplateResource, str]]:
    """Every association and the text of what it is for."""
    for association in context.view.resources("AWS::WAFv2::WebACLAssociation"):
        arn = association.get("ResourceArn")
        yield association, arn if isinstance(arn, str) else ""


def is_for_stage(context: CheckContext, arn: str, stage: ApiStage) -> bool | None:
    """Whether an association's ARN is a stage's; `None` when it cannot be told."""
    head, found, tail = arn.partition(f"/restapis/{stage.api.identity}/stages/")
    if found:
        names = {str(stage.name), stage.resource.identity, stage.resource.attribute("Stage")}
        if tail in names:
            return True
        another = context.view.resource(context.symbols.reference(tail))
        return None if SYMBOL.search(tail) and another is None else False
    reference = context.symbols.reference(arn)
    if reference is not None:
        resource = context.view.resource(reference)
        return resource is not None and resource is stage.resource and resource.type != "AWS::Serverless::Api"
    if "/restapis/" in head and not context.symbols.unknown(arn):
        return None if stage.api.resource is None else False
    return None if context.symbols.unknown(arn) else False


def acls_of(context: CheckContext, stage: ApiStage) -> list[TemplateResource | None]:
    """The web ACLs before a stage; `None` among them for one that cannot be told."""
    found: list[TemplateResource | None] = []
    for association, arn in associations(context):
        fits = is_for_stage(context, arn, stage)
        if fits:
            found.append(context.view.resource(association.get("WebACLArn")))
        elif fits is None:
            found.append(None)
    return found


def has_web_acl(context: CheckContext, stage: ApiStage) -> bool | None:
    """Whether a web ACL stands before a stage; `None` when it cannot be told."""
    answers = [is_for_stage(context, arn, stage) for _, arn in associations(context)]
    if True in answers:
        return True
    return None if None in answers else False


def rules_of(acl: TemplateResource) -> list[tuple[int, dict[str, Any]]]:
    """The rules of a web ACL with their places."""
    return [(index, rule) for index, rule in enumerate(acl.items("Rules")) if isinstance(rule, dict)]


def statements(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement in a rule, nested ones too, by its kind."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            for key, inner in one.items():
                if key.endswith("Statement") and isinstance(inner, dict):
                    yield key, inner
                pending.append(inner)
        elif isinstance(one, list):
            pending.extend(one)


def looks_at_query(acl: TemplateResource) -> bool:
    """Whether a rule of it reads the query string."""
    for _, rule in rules_of(acl):
        for _, statement in statements(rule):
            field = statement.get("FieldToMatch")
            if isinstance(field, dict) and any(name in field for name in _QUERY):
                return True
    return False


def is_rate_based(rule: dict[str, Any]) -> bool:
    """Whether a rule counts requests of one caller."""
    return any(kind == "RateBasedStatement" for kind, _ in statements(rule))
