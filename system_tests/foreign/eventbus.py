"""The event bus: an array, and fixed addresses to which it forwards what comes, once."""

from contextlib import suppress

from system_tests.foreign.express import App, Json, port, send

app = App()
events: list[Json] = []


@app.route("POST", "/events")
def publish(event: Json) -> Json:
    events.append(event)
    for service in (4000, 4001, 4002, 4003):
        with suppress(OSError):  # who is away misses it
            send(f"http://localhost:{port(service)}/events", event)
    return {"status": "OK"}


@app.route("GET", "/events")
def history() -> list[Json]:
    return events


if __name__ == "__main__":
    app.listen(4005)
