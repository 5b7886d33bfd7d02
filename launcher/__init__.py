"""What is behind manage_all.py: a module per concern, standard library only: it runs before anything is installed."""
