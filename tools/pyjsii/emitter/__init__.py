"""TypeScript for one module: its functions and classes become a small tree (tree.py), which is printed at the end."""
