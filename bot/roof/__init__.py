"""The roof: puts the pieces together. Only `bot/__main__.py` looks in."""
