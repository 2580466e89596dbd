"""Streaming AI agents on Amazon Bedrock AgentCore: agent library, client, local run, checks."""
