/** How long a write may wait for others that share its commit, in ms. */
const maxDelayMs = 25
/** Time in ms until the next try after another process prevented a commit. */
const retryMs = 10

export interface CommitScheduler {
  /** A caller waits for a write. */
  soon(): void
  /** There is a write for which no caller waits. */
  later(): void
  /** The commit failed and must be tried again. */
  retry(): void
}

/**
 * Decides when to `commit`. A commit blocks the event loop for as long as the disk takes, and costs as much CPU
 * time as dozens of writes. So it is delayed while each turn of the event loop brings another write, at most 25 ms:
 * a busy loop commits seldom, and an idle one commits one turn later, which does not matter.
 */
export function createCommitScheduler(
  commit: () => void,
  clock = () => performance.now(),
): CommitScheduler {
  let due: 'soon' | 'later' | null = null
  let timer: NodeJS.Timeout | undefined
  let since = 0
  let hasNewWrites = false

  const commitNow = (): void => {
    clearTimeout(timer)
    due = null
    commit()
  }
  const checkNextTurn = (): void => {
    const mayWait = hasNewWrites && clock() - since < maxDelayMs
    hasNewWrites = false
    if (mayWait) setImmediate(checkNextTurn)
    else commitNow()
  }
  return {
    soon() {
      hasNewWrites = true
      if (due === 'soon') return
      due = 'soon'
      since = clock()
      setImmediate(checkNextTurn)
    },
    later() {
      if (due !== null) return
      due = 'later'
      timer = setTimeout(commitNow, maxDelayMs)
    },
    retry() {
      due = 'soon'
      timer = setTimeout(commitNow, retryMs)
    },
  }
}
