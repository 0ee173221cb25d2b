/** Says when a commit has written events of webhooks, so that they are sent at once. */
export interface OutboxSignal {
  /** To be called inside the transaction that writes. */
  note(): void
  /** To be called after each commit. */
  committed(): void
  /** What happens then. Default: nothing. */
  listen(onWritten: () => void): void
}

export function createOutboxSignal(): OutboxSignal {
  let isWritten = false
  let onWritten = (): void => {}
  return {
    note: () => {
      isWritten = true
    },
    committed: () => {
      if (!isWritten) return
      isWritten = false
      onWritten()
    },
    listen: (listener) => {
      onWritten = listener
    },
  }
}
