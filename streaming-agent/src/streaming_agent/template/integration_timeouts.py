"""How long API Gateway lets an integration take (APIGW `api-gateway-execution-service-limits-table`)."""

LEAST_TIMEOUT_MS = 50
BUFFERED_TIMEOUT_MS = 29_000  # the default, and the most of a buffered answer until the account's quota is raised
RAISED_TIMEOUT_MS = 300_000  # the most of a buffered answer with a raised quota
STREAM_TIMEOUT_MS = 900_000  # the most with STREAM (APIGW `response-transfer-mode`)
