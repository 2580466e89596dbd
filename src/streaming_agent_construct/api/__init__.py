"""What callers reach: the REST API, its endpoint and domain, CORS, the call to the agent."""
