/** `work` for a burst of calls: once now, once more after it and a pause; never two at a time, and no call is forgotten. */
export function gathered(work: () => Promise<unknown>, pauseMs: number): () => Promise<void> {
  let isRunning = false;
  let isWanted = false;
  return async () => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    try {
      while (isWanted) {
        isWanted = false;
        await work();
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    } finally {
      isRunning = false;
    }
  };
}
