"""Packages an agent's folder for AgentCore: one program for apps in every language, on the standard library."""
