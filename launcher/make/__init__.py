"""Makes new things: a service, images, keys, demo data."""
