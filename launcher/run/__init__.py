"""Runs services: starts, watches and stops them, and keeps their data."""
