"""One more service: counts events by their type."""

from collections import Counter

from system_tests.foreign.express import App, Json

app = App()
counts: Counter[str] = Counter()


@app.route("POST", "/events")
def received(event: Json) -> Json:
    counts[event["type"]] += 1
    return {}


@app.route("GET", "/activity")
def activity() -> dict[str, int]:
    return counts


if __name__ == "__main__":
    app.listen(4006)
