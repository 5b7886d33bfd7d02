"""Blogbus and a naive build of the same blog, measured side by side on this machine: `python3 manage_all.py bench`."""
