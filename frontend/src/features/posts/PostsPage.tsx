import { Failure, Stale } from "../../lib/ui/Failure.tsx";
import { PostForm } from "./PostForm.tsx";
import { PostItem } from "./PostItem.tsx";
import styles from "./PostsPage.module.css";
import { PostsSkeleton } from "./PostsSkeleton.tsx";
import { usePosts } from "./usePosts.ts";

export function PostsPage() {
  const { posts, waiting, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = usePosts();
  return (
    <>
      <title>Blogbus</title>
      <h1 className="unseen">Posts</h1>
      <PostForm />
      {posts && <Stale error={error} />}
      {!posts && error && <Failure title="The posts cannot be shown" error={error} onRetry={refetch} />}
      {!posts && !error && <PostsSkeleton />}
      {posts?.length === 0 && (
        <p className={styles.empty}>Nothing has been written yet. The first post is yours.</p>
      )}
      {posts && (
        <ol className={styles.list}>
          {posts.map((post) => (
            <PostItem key={post.id} post={post} isWaiting={waiting.has(post.id)} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <button
          type="button"
          className="quiet"
          aria-disabled={isFetchingNextPage}
          onClick={() => !isFetchingNextPage && fetchNextPage()}
        >
          {isFetchingNextPage ? "Loading older posts…" : "Older posts"}
        </button>
      )}
    </>
  );
}
