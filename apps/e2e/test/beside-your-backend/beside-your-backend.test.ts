import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createMemoryStorage, createWx } from '@mianmi/wechat-sandbox/wx'
import * as wxSession from '@mianmi/wx-session'
import { expect, it } from 'vitest'
import { hasMariaDb, replayMariaDb, skipNpm, startMariaDb } from './database-program.ts'
import { blocksOf, type CodeBlock, withoutComments } from './page-blocks.ts'
import { startWalk, type Walk } from './walk.ts'

/** docs/beside-your-backend.md, to the letter: only its ports are replaced by free ones. */

const appId = 'wx6d69616e6d690001'
const blocks = blocksOf('beside-your-backend.md')
const fixture = (name: string): string => join(import.meta.dirname, name)

it('both languages have the same code', () => {
  const code = (page: string) => blocksOf(page).map((block) => withoutComments(block.code))
  expect(code('beside-your-backend.zh-CN.md')).toEqual(code('beside-your-backend.md'))
})

const block = (text: string): CodeBlock => {
  const found = blocks.filter(({ code }) => code.includes(text))
  if (found.length !== 1) throw new Error(`${found.length} blocks have ${text}`)
  return found[0] as CodeBlock
}

async function mustRun(walk: Walk, text: string): Promise<string> {
  const result = await walk.run(block(text))
  expect(result, text).toMatchObject({ status: 0 })
  return result.out
}

type Session = ReturnType<typeof wxSession.createSession>

/** The mini program of step 5 on the phone of a person: `require`, `wx`, `App` and `Page` are those of WeChat. */
function openMiniProgram(walk: Walk, user: string) {
  const sandboxUrl = `http://127.0.0.1:${walk.ports['3101']}`
  const wx = createWx({ appId, user, sandboxUrl, storage: createMemoryStorage() })
  let app: { onLaunch(): void } | undefined
  let page: { onLoad(): Promise<void>; setData(data: object): void } | undefined
  const loaded = new Map<string, unknown>()
  const load = (file: string): unknown => {
    if (loaded.has(file)) return loaded.get(file)
    const module = { exports: {} }
    const require = (name: string) =>
      name.startsWith('.') ? load(`${join(dirname(file), name)}.js`) : wxSession
    const code = walk.withPorts(blocks.find((one) => one.file === file)?.code ?? '')
    const run = new Function('require', 'module', 'wx', 'App', 'Page', code)
    run(
      require,
      module,
      wx,
      (it: typeof app) => {
        app = it
      },
      (it: typeof page) => {
        page = it
      },
    )
    loaded.set(file, module.exports)
    return module.exports
  }
  load('app.js')
  load('pages/orders/index.js')
  app?.onLaunch()
  const { session, bind } = load('session.js') as {
    session: Session
    bind(account: string, password: string): Promise<void>
  }
  const orders = async (): Promise<unknown> => {
    let shown: object = {}
    await page?.onLoad.call({
      ...page,
      setData: (data: object) => {
        shown = data
      },
    })
    return (shown as { orders?: unknown }).orders
  }
  return { session, bind, orders }
}

const linesOf = (output: string): unknown[] =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

/** Steps 1 to 3: the table is exported, its fault is mended, and its users are imported. */
async function importUsers(walk: Walk): Promise<void> {
  const jsonLines = join(walk.folder, 'rehearsal/users.jsonl')
  await mustRun(walk, 'CREATE DATABASE shop')
  await mustRun(walk, 'umask 077')
  expect(readFileSync(jsonLines, 'utf8')).toBe(
    readFileSync(fixture('users-with-fault.jsonl'), 'utf8'),
  )
  const [rehearsed] = blocks.filter(({ code }) => /import .*--dry-run\n$/.test(code))
  const refused = await walk.run(rehearsed as CodeBlock)
  expect(refused.status).toBe(1)
  expect(linesOf(refused.out)).toEqual(linesOf(block('"repeated"').code))
  const out = await mustRun(walk, 'UPDATE users SET openid = NULL')
  expect(readFileSync(jsonLines, 'utf8')).toBe(readFileSync(fixture('users.jsonl'), 'utf8'))
  const totals = linesOf(out)
  expect(totals).toMatchObject([{ created: 6, withoutSignIn: 1 }, { created: 6 }])
}

/** Step 5: what each person of the table meets. */
async function signEverybodyIn(walk: Walk): Promise<void> {
  const ming = openMiniProgram(walk, 'ming')
  expect(await ming.orders()).toEqual(['an order of user 1'])
  expect(ming.session.state).toMatchObject({ status: 'signedIn', user: { nickname: '小明' } })
  const hong = openMiniProgram(walk, 'hong')
  expect(await hong.orders()).toEqual(['an order of user 2'])
  expect(hong.session.state).toMatchObject({ user: { nickname: '红 "hong" \\ 😀' } })

  const lan = openMiniProgram(walk, 'lan')
  expect(await lan.session.launch()).toMatchObject({ status: 'unbound' })
  await expect(lan.bind('lan', 'wrong')).rejects.toMatchObject({
    data: { reason: 'credential_rejected' },
  })
  await lan.bind('lan', 'lan-password')
  expect(await lan.orders()).toEqual(['an order of user 3'])

  const bo = await openMiniProgram(walk, 'bo').session.launch()
  expect(bo).toMatchObject({ status: 'offline', error: { data: { reason: 'user_disabled' } } })
}

/** A person who was in no table. */
async function register(walk: Walk): Promise<void> {
  const newcomer = openMiniProgram(walk, 'newcomer')
  const state = await newcomer.session.launch()
  if (state.status !== 'unbound') throw new Error(state.status)
  const registered = await fetch(`http://127.0.0.1:${walk.ports['3000']}/trpc/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      proof: { ticket: state.ticket },
      account: 'newcomer',
      password: 'a long password of today',
    }),
  })
  const { result } = (await registered.json()) as { result: { data: never } }
  newcomer.session.accept(result.data)
  expect(await newcomer.orders()).toEqual(['an order of user 1000'])
  expect(await newcomer.orders()).toEqual(['an order of user 1000'])
}

/** In the place of `npm install`. */
function installStandardWebhooks({ folder }: Walk): void {
  const modules = join(folder, 'rehearsal/node_modules')
  mkdirSync(modules)
  symlinkSync(
    join(process.cwd(), 'node_modules/standardwebhooks'),
    join(modules, 'standardwebhooks'),
  )
}

it('leads from a users table to silent sign-in, and back', async () => {
  const walk = await startWalk()
  skipNpm(walk.bin)
  if (hasMariaDb) await startMariaDb(join(walk.folder, 'mariadb'), walk.bin)
  else replayMariaDb(walk.bin, [fixture('users-with-fault.jsonl'), fixture('users.jsonl')])
  for (const one of blocks) walk.save(one)
  await mustRun(walk, 'npm run turbo')
  await mustRun(walk, 'dist/main.js > rehearsal/service.log')
  await importUsers(walk)
  await mustRun(walk, 'service-key:create')
  expect(await mustRun(walk, 'rehearsal/backend.mjs &')).toBe('401\n')
  const seen = await mustRun(walk, 'phone.mjs ming')
  expect(seen).toContain('an order of user 1')
  expect(seen).toContain('needVerify: true')
  await signEverybodyIn(walk)

  installStandardWebhooks(walk)
  await mustRun(walk, 'webhook:create')
  expect(await mustRun(walk, 'hong-password')).toContain('an order of user 5')
  await register(walk)
  const events = () => readFileSync(join(walk.folder, 'rehearsal/events.log'), 'utf8')
  await expect.poll(events).toContain('user.created')
  await expect.poll(events).toContain('identity.bound 5\n')
  const unsigned = { method: 'POST', body: '{}' }
  const refused = await fetch(`http://127.0.0.1:${walk.ports['4001']}/`, unsigned)
  expect(refused.status).toBe(400)

  await mustRun(walk, 'export --to rehearsal/back.jsonl')
  const exported = readFileSync(join(walk.folder, 'rehearsal/back.jsonl'), 'utf8')
  const lan = linesOf(exported).find((line) => (line as { externalId: string }).externalId === '3')
  expect(lan).toMatchObject({ account: 'lan', passwordHash: expect.stringMatching(/^\$argon2id/) })
  if (!hasMariaDb) return
  const select = "mysql shop -N -e 'SELECT id, openid IS NULL, status FROM users ORDER BY id'"
  const table = await walk.run({ language: 'sh', code: select, file: undefined })
  expect(table.out).toBe('1\t0\t1\n2\t0\t1\n3\t0\t1\n4\t0\t0\n5\t0\t1\n6\t1\t1\n')
})
