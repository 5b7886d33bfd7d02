"""Importing this makes `orders` the Django project of this process."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "orders.settings"
django.setup()
