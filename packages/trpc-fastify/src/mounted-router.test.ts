import { initTRPC } from '@trpc/server'
import { expect, test } from 'vitest'
import { createMountedRouter, findProcedure } from './mounted-router.ts'

const t = initTRPC.create()

test('only existing procedures are cached', () => {
  const mounted = createMountedRouter(
    { router: t.router({ a: t.procedure.query(() => 1) }) },
    false,
  )
  for (const path of ['a', 'b', '__proto__', 'toString', 'a', 'A']) findProcedure(mounted, path)
  expect([...mounted.entries.keys()]).toEqual(['a'])
})

test('a wrapped procedure is called as a whole', () => {
  const plain = t.procedure.query(() => 1)
  const wrapped = Object.assign(async () => 'guarded', { _def: plain._def, procedure: true })
  const router = t.router({ plain, wrapped: wrapped as unknown as typeof plain })
  const mounted = createMountedRouter({ router }, false)
  expect(findProcedure(mounted, 'plain')?.chain).not.toBeNull()
  expect(findProcedure(mounted, 'wrapped')?.chain).toBeNull()
})
