"""TypeScript for one module: the code of its classes and functions, from the parts of an expression upwards."""
