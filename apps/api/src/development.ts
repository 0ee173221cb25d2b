import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { accountKey, type Passwords } from '@mianmi/core'
import { type Enrolment, enrolmentTtl } from '@mianmi/core/admin'
import { z } from 'zod'
import { enrolmentCodes } from './admin/service/enrolment-codes.ts'
import { ConfigError, type Env } from './config/env.ts'
import { describeUrl, hasDatabase } from './store/open-store.ts'
import type { AdministratorAccounts, Store } from './store/store.ts'

/** The two apps that the playground can open. */
const developmentAppIds = ['wx6d69616e6d690001', 'wx6d69616e6d690002']
const developmentAppNames = 'wx6d69616e6d690001:免密,wx6d69616e6d690002:免密第二店'

const developmentSchema = z.object({
  secretKey: z.string(),
  wechatSecret: z.string(),
  demo: z.object({ account: z.string(), password: z.string() }),
  /** The first administrator. Absent in a file from before the console existed. */
  operator: z
    .object({
      account: z.string(),
      password: z.string(),
      /** To enrol an authenticator app with. Absent in a file from before there were such codes. */
      enrolmentCode: z.string().optional(),
    })
    .optional(),
})

type StoredDevelopment = z.infer<typeof developmentSchema>
export type Development = StoredDevelopment & {
  readonly operator: StoredDevelopment['demo'] & { readonly enrolmentCode: string }
}

/**
 * Loads the secrets, the demo account and the first administrator of this working copy; creates them at the first
 * start.
 *
 * @throws ConfigError where the file is damaged, or is gone while the database stays: new secrets would not open it, and
 * new passwords would not be those of its accounts
 */
export function loadDevelopment(file: string, databaseUrl: string): Development {
  let stored = readStored(file)
  if (stored === null && hasDatabase(databaseUrl)) {
    // A concurrent first start writes the file before it creates the database.
    stored = readStored(file)
    if (stored === null) throw gone(file, databaseUrl)
  }
  const { enrolmentCode = enrolmentCodes.draw(), ...operator } = stored?.operator ?? {
    account: 'operator',
    password: randomBytes(6).toString('hex'),
  }
  if (stored?.operator?.enrolmentCode)
    return { ...stored, operator: { ...operator, enrolmentCode } }
  const created: Development = {
    secretKey: randomBytes(32).toString('base64'),
    wechatSecret: randomBytes(16).toString('hex'),
    demo: { account: 'demo', password: randomBytes(6).toString('hex') },
    ...stored,
    operator: { ...operator, enrolmentCode },
  }
  mkdirSync(dirname(file), { recursive: true })
  // Written beside and put in place at once, so that a process that ends here leaves no half of it.
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, `${JSON.stringify(created, null, 2)}\n`, { mode: 0o600 })
  if (stored === null)
    return placeNew(unfinished, file) ? created : loadDevelopment(file, databaseUrl)
  renameSync(unfinished, file)
  return created
}

const gone = (file: string, databaseUrl: string): ConfigError =>
  new ConfigError(
    `${file} is gone, but the database ${describeUrl(databaseUrl)}, which needs its secrets, is still there; restore it, set SECRET_KEY and WECHAT_APPS, or delete the database to start with new secrets`,
  )

/** Gives a file its name, unless a concurrent first start has taken it. */
function placeNew(unfinished: string, file: string): boolean {
  try {
    linkSync(unfinished, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    // A file system without links.
    renameSync(unfinished, file)
    return true
  } finally {
    rmSync(unfinished, { force: true })
  }
}

/**
 * Makes the enrolment code of this working copy valid for another day, until its administrator has enrolled an app with it.
 *
 * @returns what to show; null where the administrator has a second factor, or another one was chosen
 */
export async function renewDevelopmentEnrolment(
  administrators: AdministratorAccounts,
  { account, enrolmentCode: code }: Development['operator'],
): Promise<Enrolment | null> {
  const expiresAt = Date.now() + enrolmentTtl
  const enrolment = { hash: enrolmentCodes.hash(code), expiresAt }
  const isRenewed = await administrators.renewEnrolment(accountKey(account), enrolment)
  return isRenewed ? { code, expiresAt } : null
}

/** @throws ConfigError for a file that is damaged or cannot be read */
function readStored(file: string): StoredDevelopment | null {
  try {
    return developmentSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return null
    throw new ConfigError(
      `${file} cannot be used (${code ?? 'it is damaged'}); restore it, or delete ${dirname(file)} to start with new secrets and an empty database`,
    )
  }
}

/** Fills in the variables that production requires. */
export function withDevelopmentDefaults(env: Env, development: Development): Env {
  const { secretKey, wechatSecret, operator } = development
  const hasOwnApps = Boolean(env['WECHAT_APPS'])
  const isChosen = env['ADMIN_ACCOUNT'] || env['ADMIN_PASSWORD']
  const defaults = { ADMIN_ACCOUNT: operator.account, ADMIN_PASSWORD: operator.password }
  return {
    ...env,
    ...(isChosen ? {} : defaults),
    ...(hasOwnApps || env['WECHAT_APP_NAMES'] ? {} : { WECHAT_APP_NAMES: developmentAppNames }),
    SECRET_KEY: env['SECRET_KEY'] || secretKey,
    WECHAT_APPS:
      env['WECHAT_APPS'] || developmentAppIds.map((appId) => `${appId}:${wechatSecret}`).join(','),
  }
}

/** Creates the account that a new user of the playground can bind to. */
export async function ensureDemoAccount(
  { users, administratorAccounts }: Pick<Store, 'users' | 'administratorAccounts'>,
  passwords: Passwords,
  { account, password }: Development['demo'],
): Promise<void> {
  const key = accountKey(account)
  if ((await users.findByAccount(key)) !== null) return
  const passwordHash = await passwords.hash(password)
  const createdAt = Date.now()
  const user = { id: `demo-${createdAt}`, account, accountKey: key, passwordHash, createdAt }
  await administratorAccounts.addUser(user)
}
