import { Component, type ReactNode } from "react";
import { Failure } from "../lib/ui/Failure.tsx";

type Props = { page: string; children: ReactNode };

/** Shows a page's failure in its place: the links above stay, and another page begins anew. */
export class Boundary extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false };
  static getDerivedStateFromError() {
    return { hasFailed: true };
  }
  override componentDidUpdate({ page }: Props) {
    if (this.state.hasFailed && page !== this.props.page) this.setState({ hasFailed: false });
  }
  override render() {
    return this.state.hasFailed ? <Failed /> : this.props.children;
  }
}

function Failed() {
  const error = new Error("Its code could not be loaded, or failed.");
  const reload = () => window.location.reload();
  return <Failure title="This page cannot be shown" error={error} hope="" onRetry={reload} />;
}
