"""Programs about the whole system that none of it needs to run: the simulator and the catalogue of events."""
