"""The rules over templates, one file each: its `RULE` says what is looked for, its `check` finds it."""
