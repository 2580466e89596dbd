"""What only an AWS account can decide: fourteen lines, each a stack that is deployed, asked and deleted."""
