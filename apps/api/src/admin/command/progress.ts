/** How often the line is written again, in ms. */
const interval = 200

/** One line at a terminal that shows how far a command is. Writes nothing into a file or a pipe. */
export function createProgress(stream: NodeJS.WriteStream) {
  let last = 0
  let isShown = false
  return {
    show(text: string): void {
      if (!stream.isTTY || performance.now() - last < interval) return
      last = performance.now()
      isShown = true
      stream.write(`\r${text}\u001b[K`)
    },
    end(): void {
      if (isShown) stream.write('\n')
    },
  }
}
