"""Rules over a template or an agent's code: what keeps a stream from streaming, or an agent from being safe."""
