"""Moderation: one rule."""

from system_tests.foreign.express import App, Json, emit

app = App()


@app.route("POST", "/events")
def received(event: Json) -> Json:
    if event["type"] == "CommentCreated":
        comment = event["data"]
        status = "rejected" if "orange" in comment["content"] else "approved"
        kept = {key: comment[key] for key in ("id", "postId", "content")}
        emit("CommentModerated", {**kept, "status": status})
    return {}


if __name__ == "__main__":
    app.listen(4003)
