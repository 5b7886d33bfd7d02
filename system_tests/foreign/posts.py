"""Posts: an object keyed by ids of eight hex digits."""

import secrets

from system_tests.foreign.express import App, Json, emit

app = App()
posts: dict[str, Json] = {}


@app.route("GET", "/posts")
def everything() -> dict[str, Json]:
    return posts


@app.route("POST", "/posts/create", 201)
def create(body: Json) -> Json:
    post_id = secrets.token_hex(4)
    posts[post_id] = {"id": post_id, "title": body["title"]}
    emit("PostCreated", posts[post_id])
    return posts[post_id]


@app.route("POST", "/events")
def received(_: Json) -> Json:
    return {}


if __name__ == "__main__":
    app.listen(4000)
