import { initTRPC } from '@trpc/server'
import { expect, test } from 'vitest'
import { createService, procedureAt } from './service.ts'

const t = initTRPC.create()

test('only paths of procedures are remembered', () => {
  const service = createService({ router: t.router({ a: t.procedure.query(() => 1) }) }, false)
  for (const path of ['a', 'b', '__proto__', 'toString', 'a', 'A']) procedureAt(service, path)
  expect([...service.known.keys()]).toEqual(['a'])
})

test('a procedure that somebody wrapped is called whole', () => {
  const plain = t.procedure.query(() => 1)
  const wrapped = Object.assign(async () => 'guarded', { _def: plain._def, procedure: true })
  const router = t.router({ plain, wrapped: wrapped as unknown as typeof plain })
  const service = createService({ router }, false)
  expect(procedureAt(service, 'plain')?.chain).not.toBeNull()
  expect(procedureAt(service, 'wrapped')?.chain).toBeNull()
})
