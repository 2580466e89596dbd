"""What AWS does and nobody would guess, each with its remedy here and the tests that notice when it is taken away.

`make remedies` takes each remedy out of a copy of the tree, one at a time, and runs its tests: they must fail.
"""
