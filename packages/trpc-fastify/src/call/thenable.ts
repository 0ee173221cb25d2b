/** Whether `await` would wait for it: what is there already need not cost a turn of the microtask queue. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
