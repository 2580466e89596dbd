"""`make demo`: a real answer, word by word, through the template of examples/hello_agent, without an AWS account."""
