import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type GuardedData, guardedData, guardPage } from './guarded-page.ts'

interface FakeState {
  status: string
  user?: { id: string }
  error?: unknown
}

/** In the place of the app's session, which needs a phone. */
const session = vi.hoisted(() => ({
  state: { status: 'starting' } as FakeState,
  listeners: new Set<() => void>(),
  signIn: () => Promise.resolve(),
  subscribe(listener: () => void) {
    session.listeners.add(listener)
    return () => session.listeners.delete(listener)
  },
  change(state: FakeState) {
    session.state = state
    for (const listener of session.listeners) listener()
  },
}))
vi.mock('./session.ts', () => ({ session }))

const showToast = vi.fn()
const signedInAs = (id: string): FakeState => ({ status: 'signedIn', user: { id } })

/** A page, and the requests of `load` that the test answers. */
function createPage() {
  const data: GuardedData & { items?: string } = { ...guardedData }
  const setData = vi.fn((patch: object) => void Object.assign(data, patch))
  const requests: { resolve(patch: object): void; reject(error: unknown): void }[] = []
  const load = () => new Promise<object>((resolve, reject) => requests.push({ resolve, reject }))
  const guard = guardPage({ data, setData }, load)
  return { data, setData, requests, guard }
}

const flush = () => new Promise<void>((resolve) => setImmediate(resolve))

beforeEach(() => {
  session.state = { status: 'starting' }
  session.listeners.clear()
  showToast.mockClear()
  vi.stubGlobal('wx', { showToast })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a page that needs a sign-in', () => {
  it('has the view of the session’s state', () => {
    const { data } = createPage()
    expect(data.view).toBe('loading')
    session.change({ status: 'unbound' })
    expect(data.view).toBe('guest')
    session.change({ status: 'offline', error: new Error('x') })
    expect(data).toMatchObject({ view: 'failed', failure: { text: '没有成功，请重试' } })
    session.change({ status: 'signedOut' })
    expect(data.view).toBe('guest')
  })

  it('shows what load returns, and does not load again for new tokens or a new profile', async () => {
    const { data, requests } = createPage()
    session.change(signedInAs('a'))
    session.change(signedInAs('a'))
    requests[0]?.resolve({ items: 'of a' })
    await flush()
    expect(data).toMatchObject({ view: 'ready', items: 'of a' })
    expect(requests).toHaveLength(1)
  })

  it('does not show the data of the previous user', async () => {
    const { data, requests } = createPage()
    session.change(signedInAs('a'))
    session.change(signedInAs('b'))
    requests[0]?.resolve({ items: 'of a' })
    await flush()
    expect(data).toMatchObject({ view: 'loading' })
    expect(data.items).toBeUndefined()
    requests[1]?.resolve({ items: 'of b' })
    await flush()
    expect(data).toMatchObject({ view: 'ready', items: 'of b' })
  })

  it('does not show data after a sign-out', async () => {
    const { data, requests } = createPage()
    session.change(signedInAs('a'))
    session.change({ status: 'signedOut' })
    requests[0]?.resolve({ items: 'of a' })
    await flush()
    expect(data.view).toBe('guest')
    expect(data.items).toBeUndefined()
  })

  it('does not show the failure of the previous user’s request', async () => {
    const { data, requests } = createPage()
    session.change(signedInAs('a'))
    session.change(signedInAs('b'))
    requests[0]?.reject(new Error('x'))
    await flush()
    expect(data.view).toBe('loading')
    expect(showToast).not.toHaveBeenCalled()
  })

  it('keeps its content and shows a toast when loading again fails', async () => {
    const { data, requests, guard } = createPage()
    session.change(signedInAs('a'))
    requests[0]?.resolve({ items: 'old' })
    await flush()
    const refreshed = guard.refresh()
    requests[1]?.reject(new Error('x'))
    await refreshed
    expect(data).toMatchObject({ view: 'ready', items: 'old' })
    expect(showToast).toHaveBeenCalledWith({ title: '没有成功，请重试', icon: 'none' })
  })

  it('does not follow the session after stop', () => {
    const { data, setData, guard } = createPage()
    guard.stop()
    setData.mockClear()
    session.change({ status: 'signedOut' })
    expect(setData).not.toHaveBeenCalled()
    expect([data.view, session.listeners.size]).toEqual(['loading', 0])
  })
})

describe('a retry', () => {
  it('loads again when loading has failed, once for two taps', async () => {
    const { data, requests, guard } = createPage()
    session.change(signedInAs('a'))
    requests[0]?.reject(new Error('x'))
    await flush()
    const retries = [guard.retry(), guard.retry()]
    expect(data).toMatchObject({ view: 'failed', busy: true })
    requests[1]?.resolve({ items: 'of a' })
    await Promise.all(retries)
    expect(data).toMatchObject({ view: 'ready', busy: false, items: 'of a' })
    expect(requests).toHaveLength(2)
  })

  it('signs in again when the sign-in has failed, and keeps the view meanwhile', async () => {
    const { data, requests, guard } = createPage()
    session.change({ status: 'offline', error: new Error('x') })
    session.signIn = async () => {
      session.change({ status: 'starting' })
      expect(data.view).toBe('failed')
      session.change(signedInAs('a'))
    }
    await guard.retry()
    expect(data.busy).toBe(false)
    requests[0]?.resolve({ items: 'of a' })
    await flush()
    expect(data).toMatchObject({ view: 'ready', items: 'of a' })
  })
})
