"""Where the agent runs: its source, its options, its version, its headers."""
