/** What nothing can be shown without is on its way together with the tab itself. */
const runs = fetch(new URL('api/runs', import.meta.url));
runs.catch(() => undefined);

/** TensorBoard calls this once in the frame of the tab. */
export async function render(): Promise<void> {
  const {start} = await import('./start');
  start(import.meta.url, runs);
}
