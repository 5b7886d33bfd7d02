"""The whole system in the current kubectl context, spoken to through its Ingress at BLOGBUS_URL."""
