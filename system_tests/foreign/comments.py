"""Comments: answers the post's whole list to whoever writes one."""

import secrets

from system_tests.foreign.express import App, Json, emit

app = App()
by_post: dict[str, list[Json]] = {}


@app.route("GET", "/posts/:id/comments")
def of(post_id: str) -> list[Json]:
    return by_post.get(post_id, [])


@app.route("POST", "/posts/:id/comments", 201)
def create(post_id: str, body: Json) -> list[Json]:
    comment = {"id": secrets.token_hex(4), "content": body["content"], "status": "pending"}
    comments = by_post.setdefault(post_id, [])
    comments.append(comment)
    emit("CommentCreated", {**comment, "postId": post_id})
    return comments


@app.route("POST", "/events")
def received(event: Json) -> Json:
    if event["type"] == "CommentModerated":
        data = event["data"]
        comment = next(each for each in by_post[data["postId"]] if each["id"] == data["id"])
        comment["status"] = data["status"]
        emit("CommentUpdated", {**comment, "postId": data["postId"]})
    return {}


if __name__ == "__main__":
    app.listen(4001)
