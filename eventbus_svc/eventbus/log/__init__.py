"""The log: `port.py` says what it is, `open.py` which one this bus keeps, `adapters/` how each engine does it."""
