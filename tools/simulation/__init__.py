"""All five services in one process under a seeded scheduler and virtual time: the real views, handlers, relays, lanes.

Only what a process can't hold still is replaced, at its port: sockets, clock, randomness, and the bus's log.
"""
