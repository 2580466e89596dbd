"""Who may call: one decision for both layers."""
