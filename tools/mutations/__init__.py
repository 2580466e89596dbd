"""What AWS does and nobody would guess, each with its safeguard here and the tests that notice when it is taken away.

`make mutations` takes each safeguard out of a copy of the tree, one at a time, and runs its tests: they must fail.
"""
