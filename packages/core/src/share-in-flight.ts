/** Callers that bring the same key while its work is under way all get the one result of it. */
export function shareInFlight(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<unknown>>()
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const known = underWay.get(key)
    // The key names the work, so what stands under it has the type that the work answers.
    if (known) return known as Promise<T>
    const promise = work().finally(() => underWay.delete(key))
    underWay.set(key, promise)
    return promise
  }
}
