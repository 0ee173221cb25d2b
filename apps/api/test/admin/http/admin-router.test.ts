import { appRouter } from '@mianmi/contracts'
import { adminRouter } from '@mianmi/contracts/admin'
import { expect, it } from 'vitest'
import { enrol, startWithAdministrator } from '../client.ts'

const json = { 'content-type': 'application/json' }

async function refusalOf(url: string, init?: RequestInit) {
  const response = await fetch(url, init)
  const body = (await response.json()) as { error: { data: { reason: string } } }
  return { status: response.status, reason: body.error.data.reason, headers: response.headers }
}

it('no procedure of the admin router is served below /trpc, with or without the former prefix', async () => {
  const url = (await startWithAdministrator()).url()
  const own = Object.keys(adminRouter._def.procedures)
  const shared = new Set(Object.keys(appRouter._def.procedures))
  for (const path of own.filter((each) => !shared.has(each)))
    for (const gone of [path, `admin.${path}`])
      expect(await refusalOf(`${url}/trpc/${gone}`)).toMatchObject({ status: 404 })
})

it('no procedure of the mini program is served below /admin/trpc', async () => {
  const url = (await startWithAdministrator()).url()
  const inBoth = Object.keys(adminRouter._def.procedures)
  const paths = Object.keys(appRouter._def.procedures).filter((path) => !inBoth.includes(path))
  for (const path of paths)
    expect(await refusalOf(`${url}/admin/trpc/${path}`)).toMatchObject({ status: 404 })
})

it.each(['/admin/trpc', '/admin/trpc/', '/admin/trpc/a/b', '/admin/trpc//settings'])(
  '%s is not answered with the console’s page, and by no cache',
  async (path) => {
    const url = (await startWithAdministrator()).url()
    const { status, reason, headers } = await refusalOf(`${url}${path}`)
    expect([status, reason]).toEqual([404, 'not_found'])
    expect(headers.get('cache-control')).toBe('no-store')
  },
)

it('a batch holds ten calls and no more', async () => {
  const service = await startWithAdministrator()
  const { browser } = await enrol(service)
  const call = (count: number) =>
    fetch(`${service.url()}/admin/trpc/${Array(count).fill('settings').join(',')}?batch=1`, {
      headers: { cookie: browser.cookie() ?? '' },
    })
  const ten = await call(10)
  expect([ten.status, ten.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(await ten.json()).toHaveLength(10)
  expect((await call(11)).status).toBe(400)
})

it('a form is refused, also where it brings the cookie and the right origin', async () => {
  const service = await startWithAdministrator()
  const { browser } = await enrol(service)
  const headers = { origin: service.url(), cookie: browser.cookie() ?? '' }
  const signOut = `${service.url()}/admin/trpc/account.signOut`
  for (const type of ['multipart/form-data; boundary=x', 'application/x-www-form-urlencoded']) {
    const init = { method: 'POST', headers: { ...headers, 'content-type': type }, body: '' }
    expect(await refusalOf(signOut, init)).toMatchObject({
      status: 415,
      reason: 'unsupported_media_type',
    })
  }
  await browser.admin.account.current.query()
  const sent = await fetch(signOut, {
    method: 'POST',
    headers: { ...headers, ...json },
    body: '{}',
  })
  expect(sent.status).toBe(200)
})

it('one line of the log says which address a refused page has, and which ones it should have', async () => {
  const lines: string[] = []
  const logStream = { write: (line: string) => void lines.push(line) }
  const service = await startWithAdministrator(
    { ISSUER: 'https://id.example', LOG_LEVEL: 'warn' },
    { logStream },
  )
  const origin = 'https://console.example:4443'
  for (let calls = 0; calls < 3; calls += 1)
    expect(
      await refusalOf(`${service.url()}/admin/trpc/account.current`, { headers: { origin } }),
    ).toMatchObject({ status: 403, reason: 'forbidden' })
  const warnings = lines.filter((line) => line.includes(origin))
  expect(warnings).toHaveLength(1)
  expect(JSON.parse(warnings[0] ?? '')).toMatchObject({ level: 'warn' })
  expect(warnings[0]).toContain('ISSUER (https://id.example)')
  expect(warnings[0]).toContain(new URL(service.url()).host)
})
