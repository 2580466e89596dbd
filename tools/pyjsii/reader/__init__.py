"""What is read before anything is written: the CDK's types, and what the package itself declares."""
