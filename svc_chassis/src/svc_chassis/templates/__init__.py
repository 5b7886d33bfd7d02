"""The template of a service, and how it is filled in: by Django's own mechanism for project templates."""
