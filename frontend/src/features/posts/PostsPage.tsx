import { Failure, Stale } from "../../lib/ui/Failure.tsx";
import { More } from "../../lib/ui/More.tsx";
import { PageHead } from "../../lib/ui/PageHead.tsx";
import { PostForm } from "./PostForm.tsx";
import { PostItem } from "./PostItem.tsx";
import styles from "./PostsPage.module.css";
import { PostsSkeleton } from "./PostsSkeleton.tsx";
import { usePosts } from "./usePosts.ts";

export function PostsPage() {
  const { posts, waiting, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = usePosts();
  return (
    <>
      <PageHead path="/" />
      <h1 className="unseen">Posts</h1>
      <PostForm />
      {!posts && !error && <PostsSkeleton />}
      {!posts && error && <Failure title="The posts cannot be shown" error={error} onRetry={refetch} />}
      {posts?.length === 0 && <Empty />}
      {posts && (
        <>
          <Stale error={error} />
          <ol className={styles.list}>
            {posts.map((post) => (
              <PostItem key={post.id} post={post} isWaiting={waiting.has(post.id)} />
            ))}
          </ol>
        </>
      )}
      {hasNextPage && (
        <More
          label="Older posts"
          busy="Loading older posts…"
          isLoading={isFetchingNextPage}
          onMore={fetchNextPage}
        />
      )}
    </>
  );
}

function Empty() {
  return (
    <div className={styles.empty}>
      <h2>Nothing has been written yet</h2>
      <p>
        The first post is yours. It goes to one service, travels as an event, and comes back here from
        another.
      </p>
    </div>
  );
}
