import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { accountKey, type Passwords } from '@mianmi/core'
import { z } from 'zod'
import type { Env } from './config.ts'
import { type Database, prepareUsers } from './store/index.ts'

/** The apps of a development service: the two that the playground's phone can open. */
const developmentAppIds = ['wx6d69616e6d690001', 'wx6d69616e6d690002']

const development = z.object({
  secretKey: z.string(),
  wechatSecret: z.string(),
  demo: z.object({ account: z.string(), password: z.string() }),
  /** Absent from what a start before the console made. */
  operator: z.object({ account: z.string(), password: z.string() }).optional(),
})

type StoredDevelopment = z.infer<typeof development>
export type Development = StoredDevelopment & { readonly operator: StoredDevelopment['demo'] }

/** The secrets, the demo account and the first operator of this working copy, made on its first start. */
export function loadDevelopment(file: string): Development {
  const known = readStored(file)
  if (known?.operator) return { ...known, operator: known.operator }
  const made: Development = {
    secretKey: randomBytes(32).toString('base64'),
    wechatSecret: randomBytes(16).toString('hex'),
    demo: { account: 'demo', password: randomBytes(6).toString('hex') },
    ...known,
    operator: { account: 'operator', password: randomBytes(6).toString('hex') },
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
  return made
}

function readStored(file: string): StoredDevelopment | null {
  try {
    return development.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    return null
  }
}

/** What production demands and development may leave out. */
export function withDevelopmentDefaults(env: Env, made: Development): Env {
  const { secretKey, wechatSecret, operator } = made
  const chosen = env['ADMIN_ACCOUNT'] || env['ADMIN_PASSWORD']
  const first = { ADMIN_ACCOUNT: operator.account, ADMIN_PASSWORD: operator.password }
  return {
    ...env,
    ...(chosen ? {} : first),
    SECRET_KEY: env['SECRET_KEY'] || secretKey,
    WECHAT_APPS:
      env['WECHAT_APPS'] || developmentAppIds.map((appId) => `${appId}:${wechatSecret}`).join(','),
  }
}

/** Makes the account that a new user of the playground can bind to. */
export async function ensureDemoAccount(
  database: Database,
  passwords: Passwords,
  { account, password }: Development['demo'],
): Promise<void> {
  const users = prepareUsers(database)
  const key = accountKey(account)
  if (users.hasAccount(key)) return
  const passwordHash = await passwords.hash(password)
  const now = Date.now()
  database.writeNow(() => {
    if (!users.hasAccount(key))
      users.insert({ id: `demo-${now}`, account, accountKey: key, passwordHash, createdAt: now })
  })
}
