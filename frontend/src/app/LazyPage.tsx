import { Component, type ComponentType, type ReactNode, Suspense } from "react";
import { Failure } from "../lib/ui/Failure.tsx";

type Props = { page: ComponentType; isWide?: boolean };

/** A page whose code is fetched when it is first opened. */
export function LazyPage({ page: Page, isWide = false }: Props) {
  return (
    <div data-wide={isWide}>
      <Unloadable>
        <Suspense fallback={<Loading />}>
          <Page />
        </Suspense>
      </Unloadable>
    </div>
  );
}

function Loading() {
  return (
    <p role="status" className="unseen">
      Loading the page
    </p>
  );
}

/** The code of a page can fail to arrive, as data can; only a reload asks for it again. */
class Unloadable extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };
  static getDerivedStateFromError() {
    return { hasFailed: true };
  }
  override render() {
    return this.state.hasFailed ? <Unloaded /> : this.props.children;
  }
}

function Unloaded() {
  const error = new Error("Its code did not arrive, or stumbled.");
  const reload = () => window.location.reload();
  return <Failure title="This page cannot be shown" error={error} hope="" onRetry={reload} />;
}
