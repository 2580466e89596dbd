"""The header that names an AgentCore session, and which ids it takes."""

SESSION_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
SHORTEST_SESSION_ID = 33
LONGEST_SESSION_ID = 256
"""AC `runtime-sessions`: 33 to 256 characters."""
