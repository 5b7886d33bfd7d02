"""A service in the place of each of ours, as the course's description has them: they know nothing of Blogbus.

Each listens where the course's does, at `PORT_BASE` in place of 4000: `python -m system_tests.foreign.posts`.
"""
