"""The Lambda authorizer behind AgentAuth.oidc: its source, and the script that bundles it."""
