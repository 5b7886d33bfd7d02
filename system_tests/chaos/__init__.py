"""Chaos on real processes: under load everything is killed, frozen, filled up; then the guarantees are counted."""
