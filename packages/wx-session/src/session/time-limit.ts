/**
 * Settles with the work, or rejects with an error named TimeoutError after the given milliseconds: a `wx.request` may
 * never call back. What comes later is ignored.
 */
export function withTimeLimit<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = new Error(`No reply within ${milliseconds} ms`)
      error.name = 'TimeoutError'
      reject(error)
    }, milliseconds)
    const stop = () => clearTimeout(timer)
    work.then(stop, stop)
    work.then(resolve, reject)
  })
}
