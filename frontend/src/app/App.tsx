import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, type ReactElement, useState } from "react";
import { Route, Routes } from "react-router";
import { PostPage } from "../features/posts/PostPage.tsx";
import { PostsPage } from "../features/posts/PostsPage.tsx";
import { NotFound } from "../lib/ui/NotFound.tsx";
import { Layout } from "./Layout.tsx";
import { LazyPage } from "./LazyPage.tsx";
import type { Page } from "./pages.ts";

const FlowPage = lazy(async () => ({ default: (await import("../features/flow/FlowPage.tsx")).FlowPage }));
const DeskPage = lazy(async () => ({
  default: (await import("../features/moderation/DeskPage.tsx")).DeskPage,
}));
const RulesPage = lazy(async () => ({
  default: (await import("../features/moderation/RulesPage.tsx")).RulesPage,
}));

const elements: Record<Page, ReactElement> = {
  "/": <PostsPage />,
  "/post/:postId": <PostPage />,
  "/moderate": <LazyPage page={DeskPage} />,
  "/moderate/rules": <LazyPage page={RulesPage} />,
  "/flow": <LazyPage page={FlowPage} isWide />,
};

/** The pages' own polling is the retry, and a send that fails while offline must say so at once. */
const defaults = {
  queries: { retry: false, networkMode: "always" },
  mutations: { networkMode: "always" },
} as const;

export function App() {
  const [client] = useState(() => new QueryClient({ defaultOptions: defaults }));
  return (
    <QueryClientProvider client={client}>
      <Routes>
        <Route element={<Layout />}>
          {Object.entries(elements).map(([path, element]) => (
            <Route key={path} path={path} element={element} />
          ))}
          <Route path="*" element={<NotFound />} />
        </Route>
      </Routes>
    </QueryClientProvider>
  );
}
