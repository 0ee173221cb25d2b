import { describeFailure, type Failure, noFailure } from '../failure/failure.ts'
import { session } from './session.ts'

export interface GuardedData {
  view: 'loading' | 'guest' | 'failed' | 'ready'
  failure: Failure
  /** A retry is under way. */
  busy: boolean
}

interface GuardedPage {
  data: GuardedData
  setData(patch: Partial<GuardedData>): void
}

export interface Guard {
  /** Loads again, where somebody is signed in; a failure leaves what is shown and says so. */
  refresh(): Promise<void>
  /** From the `failed` view: loads again, or signs in where that is what failed. */
  retry(): Promise<void>
  /** For onUnload. */
  stop(): void
}

export const guardedData: GuardedData = { view: 'loading', failure: noFailure, busy: false }

/**
 * A page whose content is the service's, for somebody signed in: follows the session through the
 * four views. A guest is never sent away. What `load` gives is shown as the page's data, unless
 * somebody else has signed in meanwhile.
 */
export function guardPage(page: GuardedPage, load: () => Promise<object>): Guard {
  /** Whose data is shown or on its way; '' for nobody. */
  let owner = ''

  async function refresh(): Promise<void> {
    const mine = owner
    if (!mine) return
    try {
      const patch = await load()
      if (mine === owner) page.setData({ ...patch, view: 'ready' })
    } catch (error) {
      if (mine !== owner) return
      if (page.data.view === 'ready')
        wx.showToast({ title: describeFailure(error).text, icon: 'none' })
      else page.setData(failed(error))
    }
  }
  function follow(): void {
    const { state } = session
    if (state.status === 'signedIn') {
      if (state.user.id === owner) return
      owner = state.user.id
      page.setData({ view: 'loading' })
      refresh()
    } else if (state.status === 'starting') {
      // A retry shows on its button, not as an empty page.
      if (!page.data.busy) page.setData({ view: 'loading' })
    } else {
      owner = ''
      page.setData(state.status === 'offline' ? failed(state.error) : { view: 'guest' })
    }
  }

  const stop = session.subscribe(follow)
  follow()
  return {
    refresh,
    stop,
    async retry() {
      if (page.data.busy) return
      page.setData({ busy: true })
      if (owner) await refresh()
      else await session.signIn().catch(() => undefined)
      page.setData({ busy: false })
      follow()
    },
  }
}

function failed(error: unknown): Partial<GuardedData> {
  return { view: 'failed', failure: describeFailure(error) }
}
