import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { blocksOf, withoutComments } from './beside-your-backend/page-blocks.ts'
import { appId, appSecret, type Stack, startStack } from './stack.ts'

/** The script of docs/import.md, to the letter. */

const script = (page: string): string =>
  blocksOf(page).find(({ file }) => file === 'link.mjs')?.code ?? ''
const admin = fileURLToPath(new URL('../../api/dist/admin.js', import.meta.url))

async function run({ cwd }: Stack, args: readonly string[], env: Record<string, string> = {}) {
  const keys = {
    WECHAT_APPS: `${appId}:${appSecret}`,
    SECRET_KEY: Buffer.alloc(32, 'secret key 9').toString('base64'),
  }
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env['PATH'], ...keys, ...env },
  })
  const streams = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  const [out = '', err = ''] = await Promise.all(streams)
  return { out, err, code }
}

async function post(url: string, input: object) {
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })
  return reply.json()
}

/** Signs a person in for the first time, which makes a user. */
async function signUp({ url, sandboxUrl }: Stack, user: string): Promise<string> {
  const { code } = await post(`${sandboxUrl}/sandbox/login`, { appId, user })
  const { result } = await post(`${url}/trpc/miniLogin`, { appId, code })
  return result.data.user.id
}

it('both languages have the same script', () => {
  expect(script('import.md')).toContain('externalId')
  expect(withoutComments(script('import.zh-CN.md'))).toBe(withoutComments(script('import.md')))
})

it('the script links people who were here before the import, and overwrites nothing', async () => {
  const stack = await startStack({ SIGN_UP: 'auto' })
  const created = await run(stack, [
    ...[admin, 'service-key:create', '--name', 'link'],
    ...['--scopes', 'users:read,users:write,identities:read'],
  ])
  const key = created.out.trimEnd().split('\n').at(-1) ?? ''
  const v1 = async (path: string, method = 'GET', body?: object) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const reply = await fetch(`${stack.url}/v1${path}`, {
      ...{ method, headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    return reply.json()
  }
  const ids = [await signUp(stack, 'ming'), await signUp(stack, 'hong')]
  const lines = await Promise.all(
    ids.map(async (id, index) => {
      const [{ openid }] = (await v1(`/users/${id}`)).identities
      return { externalId: `1000${index}`, nickname: '小明', identities: [{ appId, openid }] }
    }),
  )
  const file = [{ externalId: '7', account: 'gang' }, ...lines]
  writeFileSync(join(stack.cwd, 'users.jsonl'), file.map((line) => JSON.stringify(line)).join('\n'))
  const report = await run(stack, [admin, 'import', 'users.jsonl'])
  expect(report.code).toBe(0)
  writeFileSync(join(stack.cwd, 'report.jsonl'), report.out)
  // Between the import and the script a backend gives one of them another id.
  await v1(`/users/${ids[1]}`, 'PATCH', { externalId: 'other' })

  writeFileSync(join(stack.cwd, 'link.mjs'), script('import.md'))
  const link = () =>
    run(stack, ['link.mjs', 'users.jsonl', 'report.jsonl'], { MIANMI: stack.url, MIANMI_KEY: key })
  const expected = [
    { line: 2, externalId: '10000', result: 'linked' },
    { line: 3, externalId: '10001', result: 'has another external id' },
  ]
  for (const again of [false, true]) {
    const { out, err, code } = await link()
    expect({ err, code, again }).toEqual({ err: '', code: 0, again })
    const results = out.trimEnd().split('\n')
    expect(results.map((line) => JSON.parse(line))).toEqual(expected)
  }
  expect(await v1('/users?externalId=10000')).toMatchObject({ id: ids[0], nickname: null })
  expect(await v1('/users?externalId=other')).toMatchObject({ id: ids[1] })
  await v1(`/users/${ids[1]}`, 'PATCH', { externalId: '10000' }).then(({ reason }) =>
    expect(reason).toBe('account_taken'),
  )
})
