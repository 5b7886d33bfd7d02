"""Query: all posts with their comments in memory, from all that ever happened, which it asks for at its start."""

from system_tests.foreign.express import BUS, App, Json, send

app = App()
posts: dict[str, Json] = {}


@app.route("GET", "/posts")
def everything() -> dict[str, Json]:
    return posts


@app.route("POST", "/events")
def received(event: Json) -> Json:
    data = event["data"]
    if event["type"] == "PostCreated":
        posts[data["id"]] = {"id": data["id"], "title": data["title"], "comments": []}
    if event["type"] == "CommentCreated":
        comment = {key: data[key] for key in ("id", "content", "status")}
        posts[data["postId"]]["comments"].append(comment)
    if event["type"] == "CommentUpdated":
        comments = posts[data["postId"]]["comments"]
        comment = next(each for each in comments if each["id"] == data["id"])
        comment.update(status=data["status"], content=data["content"])
    return {}


if __name__ == "__main__":
    for each in send(BUS):
        received(each)
    app.listen(4002)
