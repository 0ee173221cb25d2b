/** How long a write may wait for others to share its commit with, in ms. */
const shareMs = 25
/** How long after a commit that another process prevented the next is tried, in ms. */
const retryMs = 10

export interface CommitTime {
  /** Somebody waits for a write. */
  soon(): void
  /** There is a write that nobody waits for. */
  later(): void
  /** The commit did not come about. */
  again(): void
}

/**
 * Says when to `commit`. A commit holds the loop up for as long as the disk takes, and costs the processor as much
 * as dozens of writes. So it is put off while each turn of the event loop brings another write, 25 ms at most: a loop
 * with much to do commits seldom, and one with little is a turn late, which is nothing.
 */
export function createCommitTime(commit: () => void, clock = () => performance.now()): CommitTime {
  let due: 'soon' | 'later' | null = null
  let timer: NodeJS.Timeout | undefined
  let since = 0
  let broughtMore = false

  const now = (): void => {
    clearTimeout(timer)
    due = null
    commit()
  }
  const look = (): void => {
    const mayWait = broughtMore && clock() - since < shareMs
    broughtMore = false
    if (mayWait) setImmediate(look)
    else now()
  }
  return {
    soon() {
      broughtMore = true
      if (due === 'soon') return
      due = 'soon'
      since = clock()
      setImmediate(look)
    },
    later() {
      if (due !== null) return
      due = 'later'
      timer = setTimeout(now, shareMs)
    },
    again() {
      due = 'soon'
      timer = setTimeout(now, retryMs)
    },
  }
}
