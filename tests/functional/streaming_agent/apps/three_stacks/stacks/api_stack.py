"""The REST API: the agent's route, which streams, and a Lambda route beside it."""

from typing import Any

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from .auth_stack import PAGE

TRIPS = """
def handler(event, context):
    return {"statusCode": 200, "body": "[]"}
"""


class ApiStack(Stack):
    def __init__(self, scope: Construct, name: str, *, pool: cognito.UserPool, agent_url: str, **options: Any) -> None:
        super().__init__(scope, name, **options)
        api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name="travel",
            deploy_options=apigateway.StageOptions(stage_name="live", throttling_rate_limit=20),
            default_cors_preflight_options=apigateway.CorsOptions(
                allow_origins=[PAGE],
                allow_methods=["POST", "OPTIONS"],
                allow_headers=["Content-Type", "Authorization"],
            ),
        )
        api.add_gateway_response(
            "Refused",
            type=apigateway.ResponseType.DEFAULT_4_XX,
            response_headers={"Access-Control-Allow-Origin": f"'{PAGE}'"},
        )
        people = apigateway.CognitoUserPoolsAuthorizer(self, "People", cognito_user_pools=[pool])
        integration = apigateway.HttpIntegration(
            agent_url,
            http_method="POST",
            proxy=True,
            options=apigateway.IntegrationOptions(
                timeout=Duration.seconds(29),
                request_parameters={"integration.request.header.Authorization": "method.request.header.Authorization"},
            ),
        )
        chat = api.root.add_resource("chat").add_method(
            "POST",
            integration,
            authorizer=people,
            authorization_type=apigateway.AuthorizationType.COGNITO,
            request_parameters={"method.request.header.Authorization": True},
        )
        # escape hatches, as people wrote before the L2 knew of streams
        method: Any = chat.node.default_child
        method.add_property_override("Integration.ResponseTransferMode", "STREAM")
        method.add_property_override("Integration.TimeoutInMillis", 900_000)
        trips = lambda_.Function(
            self,
            "Trips",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_inline(TRIPS),
        )
        api.root.add_resource("trips").add_method("GET", apigateway.LambdaIntegration(trips), authorizer=people)
        CfnOutput(self, "ChatUrl", value=api.url_for_path("/chat"))
