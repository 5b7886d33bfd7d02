/** Whether the page may move the keyboard: it is nowhere, or in what goes. Otherwise somebody is at work there. */
export function isFree(going?: Element | null): boolean {
  const { activeElement } = document;
  return !activeElement || activeElement === document.body || (going?.contains(activeElement) ?? false);
}
