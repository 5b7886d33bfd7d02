/** Whether the page may move the keyboard: it is nowhere, or in one of these, which go. Otherwise somebody is at work. */
export function isFree(...going: (Element | null | undefined)[]): boolean {
  const { activeElement } = document;
  return (
    !activeElement ||
    activeElement === document.body ||
    going.some((part) => part?.contains(activeElement) ?? false)
  );
}
