"""Real processes, driven from outside as a person would: manage_all.py, HTTP, signals. No Django in here."""
