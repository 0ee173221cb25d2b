import { expect, expectTypeOf, it } from 'vitest'
import type { Context } from '../context.ts'
import { type AppRouter, appRouter } from '../router.ts'
import type { auditVerbs } from './audit-verbs.ts'
import type { AdminContext } from './context.ts'
import { type AdminPath, adminRouter, auditVerbOfPath } from './router.ts'

it('the audit verb of every procedure is listed, each verb once', () => {
  const paths = Object.keys(adminRouter._def.procedures)
  expect(Object.keys(auditVerbOfPath).sort()).toEqual(paths.sort())
  expect(new Set(Object.values(auditVerbOfPath)).size).toBe(paths.length)
})

it('the table has exactly the paths of the router, by type', () => {
  expectTypeOf<keyof typeof auditVerbs>().toEqualTypeOf<AdminPath>()
  expectTypeOf<'people.list' | 'settings'>().toExtend<AdminPath>()
})

it('the mini program’s router and context hold nothing of the admin side', () => {
  type Served = keyof AppRouter['_def']['record']
  type Expected =
    | 'miniLogin'
    | 'bind'
    | 'register'
    | 'me'
    | 'session'
    | 'identity'
    | 'account'
    | 'openData'
  expectTypeOf<Served>().toEqualTypeOf<Expected>()
  expectTypeOf<keyof Context>().toEqualTypeOf<'users' | 'accessToken' | 'origin' | 'traceId'>()
  expectTypeOf<AdminContext>().not.toExtend<Context>()
  const paths = Object.keys(appRouter._def.procedures)
  const inBoth = Object.keys(auditVerbOfPath).filter((path) => paths.includes(path))
  // Each router has its own: of a user, and of an administrator.
  expect(inBoth).toEqual(['account.changePassword'])
  expect(paths.filter((path) => path.startsWith('admin'))).toEqual([])
})
