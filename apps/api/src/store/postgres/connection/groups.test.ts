import { Failure } from '@mianmi/core'
import { describe, expect, it } from 'vitest'
import { createGroups, type GroupOptions } from './groups.ts'
import type { Attempts } from './open-postgres.ts'
import { QueryError } from './query-error.ts'
import { toFailure } from './rerun.ts'
import { createStoreMetrics } from './store-metrics.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const statementError = (kind: QueryError['kind'], code: string) =>
  new QueryError(kind, code, new Error(code))

/** Statements that run until they are answered. */
function start(options: Partial<GroupOptions<string, string>> = {}) {
  const statements: {
    calls: readonly string[]
    answer: () => void
    fail: (error: Error) => void
  }[] = []
  const failures: QueryError[] = []
  const attempts = {
    rerun: (verb: () => Promise<unknown>) =>
      verb().catch((error: QueryError) => Promise.reject(toFailure(error))),
    failed: (error: QueryError) => void failures.push(error),
  } as unknown as Attempts
  const metrics = createStoreMetrics()
  const call = createGroups<string, string>(
    { attempts, metrics },
    {
      name: 'tested',
      flights: 1,
      run: (calls) =>
        new Promise((resolve, reject) => {
          const answer = () => resolve(calls.map((each) => `answer to ${each}`))
          statements.push({ calls, answer, fail: reject })
        }),
      ...options,
    },
  )
  const ran = () => statements.map(({ calls }) => calls.join(' '))
  return { call, statements, ran, failures, metrics }
}

describe('calls that share a statement', () => {
  it('runs a single call at once, and the calls of one turn together', async () => {
    const { call, statements, ran } = start()
    const first = call('a')
    expect(ran()).toEqual(['a'])
    statements[0]?.answer()
    expect(await first).toBe('answer to a')
    const more = [call('b'), call('c'), call('d')]
    expect(ran()).toEqual(['a', 'b'])
    statements[1]?.answer()
    await turn()
    expect(ran()).toEqual(['a', 'b', 'c d'])
    statements[2]?.answer()
    expect(await Promise.all(more)).toEqual(['answer to b', 'answer to c', 'answer to d'])
    // Others came with the last one, so the next call waits for the end of the turn.
    void call('e')
    void call('f')
    expect(ran()).toHaveLength(3)
    await turn()
    expect(ran()[3]).toBe('e f')
  })

  it('lets no call join a statement that runs', async () => {
    const { call, statements, ran } = start({ flights: 2 })
    void call('a')
    void call('b')
    await turn()
    void call('c')
    void call('d')
    await turn()
    expect(ran()).toEqual(['a', 'b'])
    statements[0]?.answer()
    await turn()
    expect(ran()).toEqual(['a', 'b', 'c d'])
  })

  it('runs calls with one key one after another, in their order', async () => {
    const { call, statements, ran } = start({ flights: 2, keysOf: (each) => [...each] })
    for (const each of ['x', 'xy', 'y', 'z', 'x']) void call(each)
    await turn()
    // The third call has a key of the second one, which waits for the first.
    expect(ran()).toEqual(['x', 'z'])
    statements[0]?.answer()
    await turn()
    expect(ran()).toEqual(['x', 'z', 'xy'])
    statements[2]?.answer()
    await turn()
    expect(ran()).toEqual(['x', 'z', 'xy', 'y x'])
  })

  it('shares no statement among calls of two kinds, and takes 256 at most', async () => {
    const { call, statements, ran } = start({ kindOf: (each) => each.length })
    void call('a')
    for (const each of ['b', 'cc', 'd', 'ee']) void call(each)
    statements[0]?.answer()
    await turn()
    statements[1]?.answer()
    await turn()
    expect(ran()).toEqual(['a', 'b d', 'cc ee'])
    statements[2]?.answer()
    await turn()
    for (let index = 0; index < 257; index++) void call('z')
    await turn()
    expect(statements[3]?.calls).toHaveLength(256)
  })

  it.each([
    ['busy', '55P03'],
    ['again', '23505'],
    ['unnamed', '26000'],
    ['fault', '22P02'],
  ] as const)(
    'runs each call alone after an error that one may have caused (%s)',
    async (kind, code) => {
      const { call, statements, ran, failures } = start()
      void call('a')
      const calls = Promise.allSettled(['good', 'bad', 'fine'].map(call))
      statements[0]?.answer()
      await turn()
      statements[1]?.fail(statementError(kind, code))
      await turn()
      expect(failures.map((error) => error.code)).toEqual([code])
      statements[2]?.answer()
      await turn()
      statements[3]?.fail(statementError('busy', '55P03'))
      await turn()
      statements[4]?.answer()
      const [good, bad, fine] = await calls
      expect(ran()).toEqual(['a', 'good bad fine', 'good', 'bad', 'fine'])
      expect([good?.status, bad?.status, fine?.status]).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
      ])
      if (bad?.status !== 'rejected') throw new Error('it was refused')
      expect(bad.reason).toBeInstanceOf(Failure)
      expect(bad.reason).toMatchObject({ reason: 'overloaded', retryAfter: 1 })
    },
  )

  it.each(['lost', 'read_only'] as const)(
    'refuses all calls of a statement whose result is not known (%s)',
    async (kind) => {
      const { call, statements, ran } = start()
      void call('a')
      const calls = Promise.allSettled(['b', 'c'].map(call))
      statements[0]?.answer()
      await turn()
      statements[1]?.fail(statementError(kind, ''))
      for (const result of await calls)
        expect(result).toMatchObject({ status: 'rejected', reason: { reason: 'overloaded' } })
      expect(ran()).toEqual(['a', 'b c'])
      void call('next')
      await turn()
      expect(ran()).toEqual(['a', 'b c', 'next'])
    },
  )

  it('counts statements and calls', async () => {
    const { call, statements, metrics } = start()
    const calls = ['a', 'b', 'c'].map(call)
    statements[0]?.answer()
    await turn()
    statements[1]?.answer()
    await Promise.all(calls)
    expect(metrics.groups.get('tested')).toEqual({ statements: 2, calls: 3 })
  })
})
