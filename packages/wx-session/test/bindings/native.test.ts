import { beforeEach, expect, it, vi } from 'vitest'
import { sessionBehavior } from '../../src/native.ts'
import { createFixture } from '../fixtures/fake-platform.ts'

interface BehaviorOptions {
  data: object
  lifetimes: { attached(): void; detached(): void }
}

const define = vi.fn((_options: BehaviorOptions) => 'behaviour')
beforeEach(() => {
  define.mockClear()
  vi.stubGlobal('Behavior', define)
})

/** Two pages that use the behaviour. */
function openPages(name?: string) {
  const { session } = createFixture()
  expect(sessionBehavior(session, name)).toBe('behaviour')
  const options = define.mock.calls[0]?.[0]
  if (!options) throw new Error('no behaviour was defined')
  const open = () => {
    const data: Record<string, unknown> = { ...options.data }
    const page = { data, setData: (change: object) => void Object.assign(data, change) }
    options.lifetimes.attached.call(page)
    return { data, close: () => options.lifetimes.detached.call(page) }
  }
  return { session, options, open }
}

it('keeps the data of each page equal to the state until the page is closed', async () => {
  const { session, options, open } = openPages()
  expect(options.data).toEqual({ session: { status: 'starting', user: null } })
  const [first, second] = [open(), open()]
  await session.launch()
  const signedIn = { session: { status: 'signedIn', user: { name: 'ming' } } }
  expect([first.data, second.data]).toEqual([signedIn, signedIn])
  first.close()
  await session.signOut()
  expect(first.data).toEqual(signedIn)
  expect(second.data).toEqual({ session: { status: 'signedOut', user: null } })
  expect(open().data).toEqual({ session: { status: 'signedOut', user: null } })
})

it('has the name that the page wants', () => {
  expect(openPages('login').options.data).toEqual({ login: { status: 'starting', user: null } })
})
