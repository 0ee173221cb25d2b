/** How often the line is written again, in ms. */
const interval = 200

/** One line at a terminal that shows how far a command is. Writes nothing into a file or a pipe. */
export function createProgress(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>) {
  let last = Number.NEGATIVE_INFINITY
  let isShown = false
  return {
    show(text: string): void {
      if (!stream.isTTY || performance.now() - last < interval) return
      last = performance.now()
      isShown = true
      stream.write(`\r${text}\u001b[K`)
    },
    /** Removes the line, before another one is written to the same terminal. */
    clear(): void {
      if (isShown) stream.write('\r\u001b[K')
      isShown = false
    },
    end(): void {
      if (isShown) stream.write('\n')
    },
  }
}
