"""The suites of test and check, and what runs them."""
