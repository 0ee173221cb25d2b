import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { login, reasonOf, register, type TestService } from '../../harness.ts'
import { enrol, startWithAdministrator } from '../client.ts'

/** A user with a number, and an administrator who is signed in. */
async function start() {
  const service = await startWithAdministrator()
  const { browser } = await enrol(service)
  const { user, tokens } = await register(service, 'ming', 'ming')
  await service.playWechat('person', { user: 'ming', phone: '13800138000' })
  const client = service.client(tokens.accessToken)
  await client.account.bindPhone.mutate({ code: await service.phoneCode('ming') })
  const other = new Sqlite(service.database().sqlite.name, { timeout: 0 })
  onTestFinished(() => void other.close())
  return { service, admin: browser.admin, userId: user.id, other }
}

const lines = (service: TestService) =>
  service
    .database()
    .sqlite.prepare('select action, outcome from audit_events order by id')
    .raw()
    .all() as [string, string][]

it('without a writable audit log no number is shown and no line of the log is read', async () => {
  const { admin, userId, other } = await start()
  // The session of the console is extended once a minute; now it needs no write.
  await admin.account.current.query()
  other.exec('begin immediate')
  expect(await reasonOf(admin.people.revealPhone.mutate({ userId }))).toBe('overloaded')
  expect(await reasonOf(admin.audit.list.query({}))).toBe('overloaded')
  expect(await reasonOf(admin.audit.count.query({}))).toBe('overloaded')
  // What other verbs show too is still shown.
  expect((await admin.people.view.query({ userId })).person.phone).toBe('138****8000')
  other.exec('commit')
  expect(await admin.people.revealPhone.mutate({ userId })).toEqual({ phone: '13800138000' })
})

it('where the line cannot be added to the chain nothing is changed', async () => {
  const { service, admin, userId, other } = await start()
  const chain = other.prepare('select * from audit_chain').get()
  other.exec('delete from audit_chain')
  for (const change of [
    admin.people.disable.mutate({ userId }),
    admin.people.clearPassword.mutate({ userId }),
    admin.people.remove.mutate({ userId, confirm: 'ming' }),
  ])
    expect(await reasonOf(change)).toBe('internal')
  expect(await login(service, 'ming')).toMatchObject({ status: 'signedIn', user: { id: userId } })
  const names = Object.keys(chain as object)
  other
    .prepare(`insert into audit_chain values (${names.map((name) => `:${name}`).join(', ')})`)
    .run(chain)
  await admin.people.disable.mutate({ userId })
  expect(lines(service).slice(-2)).toEqual([
    ['admin.people.disable', 'started'],
    ['admin.people.disable', 'ok'],
  ])
})

it('a change that is refused has a line of its start, and one of the refusal', async () => {
  const { service, admin } = await start()
  expect(await reasonOf(admin.people.disable.mutate({ userId: 'unknown' }))).toBe('not_found')
  expect(lines(service).slice(-2)).toEqual([
    ['admin.people.disable', 'started'],
    ['admin.people.disable', 'not_found'],
  ])
})
