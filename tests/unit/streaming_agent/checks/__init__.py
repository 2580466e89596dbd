"""The checks: each rule on a template that fails it and on one near it that passes."""
