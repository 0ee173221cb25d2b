import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createIdleConnections } from './idle-connections.ts'

const minute = 60_000

function createClient() {
  const release = vi.fn()
  return { release, client: { release } as unknown as Parameters<Idle['keep']>[0] }
}
type Idle = ReturnType<typeof createIdleConnections>

describe('idle connections', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('are used from the newest on, so that the others can be closed', () => {
    const idle = createIdleConnections(10 * minute)
    const [one, two] = [createClient(), createClient()]
    idle.keep(one.client)
    idle.keep(two.client)
    expect(idle.take()).toBe(two.client)
    vi.advanceTimersByTime(9 * minute)
    idle.keep(two.client)
    expect(one.release).not.toHaveBeenCalled()
    vi.advanceTimersByTime(minute)
    expect(one.release).toHaveBeenCalledExactlyOnceWith(true)
    expect([idle.take(), idle.take()]).toEqual([two.client, null])
    idle.close()
  })

  it('that have failed are not used again', () => {
    const idle = createIdleConnections(minute)
    const [one, two] = [createClient(), createClient()]
    idle.keep(one.client)
    idle.keep(two.client)
    expect(idle.remove(two.client)).toBe(two.client)
    expect(idle.remove(two.client)).toBeNull()
    expect([idle.take(), idle.take()]).toEqual([one.client, null])
    idle.close()
  })

  it('go back to the pool at the end, also those that come later', () => {
    const idle = createIdleConnections(minute)
    const [one, two] = [createClient(), createClient()]
    idle.keep(one.client)
    idle.close()
    idle.keep(two.client)
    for (const { release } of [one, two]) expect(release).toHaveBeenCalledExactlyOnceWith()
    expect(idle.take()).toBeNull()
    expect(vi.getTimerCount()).toBe(0)
  })
})
