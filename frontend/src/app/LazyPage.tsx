import { type ComponentType, Suspense } from "react";

type Props = { page: ComponentType; isWide?: boolean };

/** A page whose code is fetched when it is first opened. */
export function LazyPage({ page: Page, isWide = false }: Props) {
  return (
    <div data-wide={isWide}>
      <Suspense fallback={<Loading />}>
        <Page />
      </Suspense>
    </div>
  );
}

function Loading() {
  return (
    <div className="unseen" data-lazy>
      <h1>Blogbus</h1>
      <p role="status">Loading the page</p>
    </div>
  );
}
