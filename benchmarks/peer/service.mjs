// The design of the course: `node service.mjs NAME` runs one of five services that keep all they know in memory. A bus
// forwards each event at once, waits for nobody, and keeps an array. `PORT_BASE` + 0 … 5 are their ports.
import { randomBytes } from "node:crypto";
import axios from "axios";
import cors from "cors";
import express from "express";

const PORTS = { posts: 0, comments: 1, query: 2, moderation: 3, eventbus: 5 };
const base = Number(process.env.PORT_BASE ?? 4000);
const url = (service) => `http://127.0.0.1:${base + PORTS[service]}`;
const emit = (type, data) => axios.post(`${url("eventbus")}/events`, { type, data }).catch(() => {});
const newId = () => randomBytes(4).toString("hex");

const services = {
  posts(app) {
    const posts = {};
    app.get("/posts", (_, answer) => answer.send(posts));
    app.post("/posts/create", async (request, answer) => {
      const id = newId();
      posts[id] = { id, title: request.body.title };
      await emit("PostCreated", posts[id]);
      answer.status(201).send(posts[id]);
    });
    app.post("/events", (_, answer) => answer.send({}));
  },

  comments(app) {
    const byPost = {};
    app.get("/posts/:id/comments", (request, answer) => answer.send(byPost[request.params.id] ?? []));
    app.post("/posts/:id/comments", async (request, answer) => {
      const comment = { id: newId(), content: request.body.content, status: "pending" };
      const postId = request.params.id;
      byPost[postId] ??= [];
      byPost[postId].push(comment);
      await emit("CommentCreated", { ...comment, postId });
      answer.status(201).send(byPost[postId]);
    });
    app.post("/events", async (request, answer) => {
      const { type, data } = request.body;
      if (type === "CommentModerated") {
        const comment = byPost[data.postId].find(({ id }) => id === data.id);
        comment.status = data.status;
        await emit("CommentUpdated", { ...comment, postId: data.postId });
      }
      answer.send({});
    });
  },

  moderation(app) {
    app.post("/events", async (request, answer) => {
      const { type, data } = request.body;
      if (type === "CommentCreated") {
        const status = data.content.includes("orange") ? "rejected" : "approved";
        await emit("CommentModerated", { id: data.id, postId: data.postId, content: data.content, status });
      }
      answer.send({});
    });
  },

  async query(app) {
    const posts = {};
    const receive = ({ type, data }) => {
      if (type === "PostCreated") posts[data.id] = { id: data.id, title: data.title, comments: [] };
      const comments = posts[data.postId]?.comments;
      if (type === "CommentCreated") comments?.push({ id: data.id, content: data.content, status: data.status });
      if (type === "CommentUpdated") {
        const comment = comments?.find(({ id }) => id === data.id);
        if (comment) Object.assign(comment, { content: data.content, status: data.status });
      }
    };
    app.get("/posts", (_, answer) => answer.send(posts));
    app.post("/events", (request, answer) => {
      receive(request.body);
      answer.send({});
    });
    const { data } = await axios.get(`${url("eventbus")}/events`);
    data.forEach(receive);
  },

  eventbus(app) {
    const events = [];
    const consumers = ["posts", "comments", "query", "moderation"];
    app.post("/events", (request, answer) => {
      events.push(request.body);
      for (const name of consumers) axios.post(`${url(name)}/events`, request.body).catch(() => {});
      answer.send({ status: "OK" });
    });
    app.get("/events", (_, answer) => answer.send(events));
  },
};

const name = process.argv[2];
const app = express();
app.use(cors());
app.use(express.json());
await services[name](app);
app.listen(base + PORTS[name], "127.0.0.1");
