import { type AdminPath, adminRouter, auditVerbOfPath } from '@mianmi/contracts/admin'
import { adminActions } from '@mianmi/core/admin'
import { expect, it } from 'vitest'
import { register, type TestService } from '../../harness.ts'
import { admin, enrol, openBrowser, startWithAdministrator } from '../client.ts'

const served = adminRouter._def.procedures as unknown as Record<
  AdminPath,
  { _def: { type: string } }
>
const procedures = Object.entries(served).map(([path, { _def }]) => ({
  path: path as AdminPath,
  method: _def.type === 'query' ? 'GET' : 'POST',
}))

/** Whom the console lets in before it knows them, with what they send. */
const visitors: Record<string, object | undefined> = {
  'account.signIn': { account: 'ops', password: 'not that one' },
  'account.enrol': { enrolmentCode: 'not that one' },
  'account.proveCode': { code: '000000' },
  'account.signOut': undefined,
}

interface Caller {
  cookie?: string | null
  token?: string
  origin?: string | null
}

type Answers = Record<string, string>
type Line = { action: string; outcome: string; operatorId: string | null; userId: string | null }

/** Calls every procedure of the console; answers with each one's reason, and what the audit log has of it. */
async function callAll(service: TestService, caller: Caller, which = procedures) {
  const { origin = service.url(), cookie, token } = caller
  const headers = {
    ...(origin === null ? {} : { origin }),
    ...(cookie ? { cookie } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  }
  service.database().sqlite.exec('delete from audit_events')
  const answers: Answers = {}
  for (const { path, method } of which) {
    const post = { 'content-type': 'application/json' }
    const response = await fetch(`${service.url()}/admin/trpc/${path}`, {
      method,
      headers: method === 'POST' ? { ...headers, ...post } : headers,
      ...(method === 'POST' ? { body: JSON.stringify(visitors[path] ?? {}) } : {}),
    })
    const { error } = (await response.json()) as { error?: { data: { reason: string } } }
    answers[path] = error?.data.reason ?? 'ok'
  }
  const lines = service
    .database()
    .sqlite.prepare<[], Line>(
      `select action, outcome, coalesce(acted.user_id, operator_id) as operatorId,
         coalesce(about.user_id, line.user_id) as userId from audit_events as line
       left join audit_subjects as acted on acted.pseudonym = operator_id
       left join audit_subjects as about on about.pseudonym = line.user_id order by id`,
    )
    .all()
  return { answers, lines }
}

const all = (reason: string, others: Answers = {}): Answers => ({
  ...Object.fromEntries(procedures.map(({ path }) => [path, reason])),
  ...others,
})

const actionOf = (path: string) => adminActions[auditVerbOfPath[path as AdminPath]]

/** Each call has its line, with the outcome that the caller got. */
function expectWritten({ answers, lines }: { answers: Answers; lines: Line[] }): void {
  const expected = Object.entries(answers).map(([path, reason]) => [actionOf(path), reason])
  expect(lines.map(({ action, outcome }) => [action, outcome])).toEqual(expected)
}

it('every procedure has an audit action of its own, and every action of an administrator a procedure', () => {
  expect(Object.keys(auditVerbOfPath).sort()).toEqual(procedures.map(({ path }) => path).sort())
  const actions = procedures.map(({ path }) => actionOf(path))
  expect(actions.sort()).toEqual(Object.values(adminActions).sort())
})

it('a caller without a token is unauthenticated everywhere', async () => {
  const called = await callAll(await startWithAdministrator(), {})
  expect(called.answers).toEqual(
    all('unauthenticated', {
      'account.signIn': 'credential_rejected',
      'account.signOut': 'ok',
    }),
  )
  expectWritten(called)
  expect(called.lines.every(({ operatorId }) => operatorId === null)).toBe(true)
})

it('a user of a mini program is forbidden everything, and is named in the log', async () => {
  const service = await startWithAdministrator()
  const { tokens, user } = await register(service, 'ming', 'ming')
  const called = await callAll(service, { token: tokens.accessToken })
  expect(called.answers).toEqual(all('forbidden'))
  expectWritten(called)
  expect(called.lines.every(({ userId }) => userId === user.id)).toBe(true)
})

it('the token of a mini program is not valid for an administrator', async () => {
  const service = await startWithAdministrator()
  const { tokens } = await register(service, 'ming', 'ming')
  service.database().sqlite.exec("update users set role = 'admin'")
  const called = await callAll(service, { token: tokens.accessToken })
  expect(called.answers).toEqual(all('unauthenticated'))
  expectWritten(called)
})

it('an invalid token is unauthenticated everywhere', async () => {
  const called = await callAll(await startWithAdministrator(), { token: 'nonsense' })
  expect(called.answers).toEqual(all('unauthenticated'))
  expectWritten(called)
})

it('an administrator after the first factor may only complete the sign-in', async () => {
  const service = await startWithAdministrator()
  const browser = openBrowser(service)
  await browser.admin.account.signIn.mutate(admin)
  const called = await callAll(service, { cookie: browser.cookie() })
  expect(called.answers).toEqual(
    all('unauthenticated', {
      'account.signIn': 'credential_rejected',
      'account.enrol': 'credential_rejected',
      'account.signOut': 'ok',
    }),
  )
  expectWritten(called)
})

it.each([
  ['of another site', 'https://evil.example'],
  ['of a site that users may come from', 'https://shop.example'],
  ['of a neighbouring port', 'http://127.0.0.1:1'],
  ['of nowhere', 'null'],
])(
  'a page %s is forbidden everything, whatever cookie the browser sends',
  async (_what, origin) => {
    const service = await startWithAdministrator({ ALLOWED_ORIGINS: 'https://shop.example' })
    const { browser } = await enrol(service)
    const called = await callAll(service, { cookie: browser.cookie(), origin })
    expect(called.answers).toEqual(all('forbidden'))
    expectWritten(called)
    // Nothing was done to the session either.
    await browser.admin.account.current.query()
  },
)

it('a change without an origin is forbidden; reading is not', async () => {
  const service = await startWithAdministrator()
  const { browser } = await enrol(service)
  const { answers } = await callAll(service, { cookie: browser.cookie(), origin: null })
  for (const { path, method } of procedures.filter((each) => each.method === 'POST'))
    expect([path, method, answers[path]]).toEqual([path, 'POST', 'forbidden'])
  expect(answers['settings']).toBe('ok')
})

it('an administrator is let in everywhere, and every call is in the log under their id', async () => {
  const service = await startWithAdministrator()
  const { browser } = await enrol(service)
  const { operator: administrator } = await browser.admin.account.current.query()
  const inside = procedures.filter(({ path }) => !(path in visitors))
  const called = await callAll(service, { cookie: browser.cookie() }, inside)
  const outcomes = new Set(Object.values(called.answers))
  expect([...outcomes].sort()).toEqual(['invalid_input', 'ok'])
  expectWritten(called)
  expect(called.lines.every(({ operatorId }) => operatorId === administrator.id)).toBe(true)
})
