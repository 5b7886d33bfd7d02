import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { Author, Isolated } from "../../lib/ui/Isolated.tsx";
import { Prose } from "../../lib/ui/Prose.tsx";
import { Time } from "../../lib/ui/Time.tsx";
import { listAround } from "./api/listComments.ts";
import { addressOf } from "./asked.ts";
import styles from "./Thread.module.css";
import type { Judged } from "./types.ts";
import { says } from "./words.ts";

/** What was said on the post before a comment and after it. */
export function Thread({ comment }: { comment: Judged }) {
  const { data, error } = useQuery({
    queryKey: ["moderation", "around", comment.id],
    queryFn: ({ signal }) => listAround(comment, signal),
  });
  return (
    <section className={styles.thread} aria-label="The thread around it">
      <p role="status" className={styles.note}>
        {error ? <Isolated text={error.message} /> : !data && "Loading the thread…"}
        {data && data.earlier.length + data.later.length === 0 && "There is no other comment on this post."}
      </p>
      {data && (
        <ol className={styles.list}>
          {data.earlier.map((other) => (
            <Other key={other.id} comment={other} />
          ))}
          <li className={styles.here}>This comment</li>
          {data.later.map((other) => (
            <Other key={other.id} comment={other} />
          ))}
        </ol>
      )}
      <Link to={addressOf({ status: "all", order: "oldest", post: comment.postId })}>
        All comments on this post
      </Link>
    </section>
  );
}

function Other({ comment }: { comment: Judged }) {
  return (
    <li>
      <p className={styles.by}>
        <b>
          <Author name={comment.author} />
        </b>{" "}
        <Time iso={comment.createdAt} /> · {says({ ...comment, moderator: null })}
      </p>
      <Prose text={comment.content} />
    </li>
  );
}
