import { describe, expect, it, vi } from 'vitest'
import { signedOut } from './session-state.ts'
import { createSessionStateStore } from './session-state-store.ts'

const tokens = {
  accessToken: 'a',
  accessTokenExpiresAt: '2999-01-01T00:00:00.000Z',
  refreshToken: 'r',
  refreshTokenExpiresAt: '2999-01-01T00:00:00.000Z',
}
const user = { name: 'ming' }
const signedIn = { status: 'signedIn', user } as const
const other = { ...tokens, accessToken: 'b' }
const unbound = { status: 'unbound', ticket: 't', ticketExpiresAt: 'later' } as const

function createStore() {
  const persist = vi.fn()
  return {
    persist,
    store: createSessionStateStore<typeof user>(
      [async () => [null, ''], persist, vi.fn(), vi.fn()],
      (a, b) => a.name === b.name,
    ),
  }
}

type Store = ReturnType<typeof createStore>['store']

describe('what is stored', () => {
  it.each([
    ['a sign-in', signedIn, tokens, { tokens, user }],
    ['a sign-out', signedOut, undefined, signedOut],
    ['an unbound identity', unbound, undefined, null],
  ])('of %s', (_what, state, ofState, content) => {
    const { persist, store } = createStore()
    store.decide(state, ofState)
    expect(persist.mock.calls).toEqual([[content, undefined]])
  })

  it('is not changed by a failure or by what another context has stored', () => {
    const { persist, store } = createStore()
    store.record(0, { status: 'offline', error: new Error('x') })
    expect(store.state.status).toBe('offline')
    const other = createStore()
    other.store.adopt(signedIn, tokens)
    expect(other.store.state).toEqual({ status: 'signedIn', user })
    expect([...persist.mock.calls, ...other.persist.mock.calls]).toEqual([])
  })
})

describe('an epoch', () => {
  it('drops the results of earlier ones', () => {
    const { store } = createStore()
    const { epoch } = store
    store.decide({ status: 'signedOut' })
    store.record(epoch, signedIn, tokens)
    expect([store.state.status, store.tokens]).toEqual(['signedOut', undefined])
    store.record(store.epoch, signedIn, tokens)
    expect([store.state.status, store.tokens]).toEqual(['signedIn', tokens])
  })

  it.each([
    ['a refresh', 0, (store: Store) => store.record(0, signedIn, other)],
    [
      'a sign-in of the same user',
      0,
      (store: Store) => store.record(0, { ...signedIn, user: { name: 'ming' } }, tokens),
    ],
    [
      'a new profile',
      0,
      (store: Store) => store.adopt({ ...signedIn, user: { name: 'Ming' } }, tokens, true),
    ],
    [
      'a sign-in of another user',
      1,
      (store: Store) => store.record(0, { ...signedIn, user: { name: 'hong' } }, tokens),
    ],
    [
      'another user in storage',
      1,
      (store: Store) => store.adopt({ ...signedIn, user: { name: 'hong' } }, tokens),
    ],
    ['a sign-out in storage', 1, (store: Store) => store.adopt({ status: 'signedOut' })],
    ['a sign-out', 1, (store: Store) => store.decide({ status: 'signedOut' })],
  ])('after %s is later by %i', (_what, steps, act) => {
    const { store } = createStore()
    store.record(0, signedIn, tokens)
    const listener = vi.fn()
    store.onEpoch(listener)
    act(store)
    expect([store.epoch, listener.mock.calls.length]).toEqual([steps, steps])
  })
})

describe('listeners', () => {
  it('of a function that subscribes twice are called twice, until each one unsubscribes', () => {
    const { store } = createStore()
    const listener = vi.fn()
    const unsubscribe = store.subscribe(listener)
    store.subscribe(listener)
    store.decide(unbound)
    expect(listener).toHaveBeenCalledTimes(2)
    unsubscribe()
    store.decide({ ...unbound })
    expect(listener).toHaveBeenCalledTimes(3)
  })

  it('get no call for new tokens of the same user', () => {
    const { store } = createStore()
    store.decide(signedIn, tokens)
    const listener = vi.fn()
    store.subscribe(listener)
    store.record(store.epoch, signedIn, other)
    expect(store.tokens?.accessToken).toBe('b')
    expect(listener).not.toHaveBeenCalled()
  })

  it('that another listener removes are not called', () => {
    const { store } = createStore()
    const second = vi.fn()
    let removeSecond = () => {}
    store.subscribe(() => removeSecond())
    removeSecond = store.subscribe(second)
    store.decide(unbound)
    expect(second).not.toHaveBeenCalled()
  })

  it('get one call for a sign-out that is found again', () => {
    const { store } = createStore()
    const listener = vi.fn()
    store.subscribe(listener)
    store.decide(signedOut)
    store.adopt(signedOut)
    expect(listener).toHaveBeenCalledOnce()
  })

  it('of epochs are called for decisions only', () => {
    const { store } = createStore()
    const listener = vi.fn()
    store.onEpoch(listener)
    store.record(0, unbound)
    expect(listener).not.toHaveBeenCalled()
    store.decide(signedIn, tokens)
    expect(listener).toHaveBeenCalledOnce()
  })
})
