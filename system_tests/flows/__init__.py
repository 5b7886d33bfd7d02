"""How events flow through all services, in one process: a test is a story, and the catalogue says it of each event."""
