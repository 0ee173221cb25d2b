import { describeFailure, type Failure, noFailure } from '../failure/failure.ts'
import { createNetworkRetry } from './network-retry.ts'
import { session } from './session.ts'

export interface GuardedData {
  view: 'loading' | 'guest' | 'failed' | 'ready'
  failure: Failure
  /** A retry is in progress. */
  busy: boolean
}

interface GuardedPage {
  data: GuardedData
  setData(patch: Partial<GuardedData>): void
}

export interface Guard {
  /** Loads again when signed in. A failure keeps the content and shows a toast. */
  refresh(): Promise<void>
  /** For the view `failed`: loads again, or signs in again when the sign-in has failed. */
  retry(): Promise<void>
  /** For onShow: loads again what a missing network has failed. */
  shown(): void
  /** For onUnload. */
  stop(): void
}

export const guardedData: GuardedData = { view: 'loading', failure: noFailure, busy: false }

/**
 * For a page whose content needs a sign-in: sets the page's view by the session's state. A guest
 * stays on the page. The result of `load` becomes the page's data, unless another user has signed
 * in meanwhile.
 */
export function guardPage(page: GuardedPage, load: () => Promise<object>): Guard {
  /** Id of the user whose data is shown or requested; '' without a user. */
  let owner = ''

  async function refresh(): Promise<void> {
    const requestedBy = owner
    if (!requestedBy) return
    networkRetry.started()
    try {
      const patch = await load()
      if (requestedBy !== owner) return
      page.setData({ ...patch, view: 'ready' })
      networkRetry.ended(null)
    } catch (error) {
      if (requestedBy !== owner) return
      if (page.data.view === 'ready')
        wx.showToast({ title: describeFailure(error).text, icon: 'none' })
      else page.setData(failedView(error))
      networkRetry.ended(error)
    }
  }
  function showState(): void {
    const { state } = session
    if (state.status === 'signedIn') {
      if (state.user.id === owner) return
      owner = state.user.id
      page.setData({ view: 'loading' })
      refresh()
    } else if (state.status === 'starting') {
      // A retry shows on its button; the view stays.
      if (!page.data.busy) page.setData({ view: 'loading' })
    } else {
      owner = ''
      page.setData(state.status === 'offline' ? failedView(state.error) : { view: 'guest' })
    }
  }

  const networkRetry = createNetworkRetry(refresh)
  const unsubscribe = session.subscribe(showState)
  showState()
  return {
    refresh,
    shown: networkRetry.shown,
    stop() {
      unsubscribe()
      networkRetry.stop()
    },
    async retry() {
      if (page.data.busy) return
      page.setData({ busy: true })
      if (owner) await refresh()
      else await session.signIn().catch(() => undefined)
      page.setData({ busy: false })
      showState()
    },
  }
}

function failedView(error: unknown): Partial<GuardedData> {
  return { view: 'failed', failure: describeFailure(error) }
}
