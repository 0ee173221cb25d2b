/** Whether a result is a stream, or an object that holds one or a promise: what JSON cannot carry. */
export function isDataStream(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (Symbol.asyncIterator in value) return true
  for (const part of Object.values(value)) if (isDeferred(part)) return true
  return false
}

function isDeferred(value: unknown): boolean {
  if (value === null || Array.isArray(value)) return false
  if (typeof value === 'object' && Symbol.asyncIterator in value) return true
  if (typeof value !== 'object' && typeof value !== 'function') return false
  const { then, catch: rescue } = value as { then?: unknown; catch?: unknown }
  return typeof then === 'function' && typeof rescue === 'function'
}
