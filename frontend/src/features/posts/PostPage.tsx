import { Link, useParams } from "react-router";
import { postAddress } from "../../lib/address.ts";
import { excerpt } from "../../lib/markdown/excerpt.ts";
import { useMarkdown } from "../../lib/markdown/loading.ts";
import { Markdown } from "../../lib/markdown/Markdown.tsx";
import { useRemoved } from "../../lib/own/removed.ts";
import { isNotFound } from "../../lib/problem.ts";
import { Failure, Stale } from "../../lib/ui/Failure.tsx";
import { NotFound } from "../../lib/ui/NotFound.tsx";
import { PageHead } from "../../lib/ui/PageHead.tsx";
import { Comments } from "../comments/Comments.tsx";
import { Byline } from "./Byline.tsx";
import { PostActions } from "./PostActions.tsx";
import styles from "./PostPage.module.css";
import { BodySkeleton, PostSkeleton } from "./PostSkeleton.tsx";
import { usePost } from "./usePost.ts";

/** Removed, or its read model is being rebuilt: nobody can tell. */
const GONE = new Error("This post is not there any more.");

export function PostPage() {
  const { postId = "" } = useParams();
  const { post, comments, isWaiting, error, refetch, older, permalink } = usePost(postId);
  const { isReady } = useMarkdown();
  const isRemoved = useRemoved().has(postId);
  if (isRemoved || (!post && isNotFound(error))) return <NotFound />;
  return (
    <>
      {!post && <Unnamed />}
      <Link className={styles.back} to="/">
        All posts
      </Link>
      {!post && error && <Failure title="The post cannot be shown" error={error} onRetry={refetch} />}
      {!post && !error && <PostSkeleton />}
      {post && comments && (
        <>
          <Stale error={isNotFound(error) ? (isWaiting ? null : GONE) : error} />
          <article className={styles.post}>
            <PageHead title={post.title} description={excerpt(post.body)} path={postAddress(post.id)} />
            <h1 className={styles.title} dir="auto">
              {post.title}
            </h1>
            <Byline post={post} isWaiting={isWaiting} />
            <PostActions key={post.id} post={post} />
            {isReady ? (
              <div className={styles.body}>
                <Markdown text={post.body} headings={2} />
              </div>
            ) : (
              <BodySkeleton />
            )}
          </article>
          {isReady && (
            <Comments
              postId={post.id}
              comments={comments}
              count={post.commentCount}
              older={older}
              permalink={permalink}
            />
          )}
        </>
      )}
    </>
  );
}

/** A page has a title and a heading also while there is no post to take them from. */
function Unnamed() {
  return (
    <>
      <PageHead />
      <h1 className="unseen">Post</h1>
    </>
  );
}
