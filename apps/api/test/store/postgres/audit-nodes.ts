import { type AuditEvent, Failure } from '@mianmi/core'
import { onTestFinished } from 'vitest'
import {
  createAuditStore,
  type PostgresAuditStore,
} from '../../../src/store/postgres/audit/audit-store.ts'
import {
  openPostgres,
  type Postgres,
  type PostgresOptions,
} from '../../../src/store/postgres/connection/index.ts'
import { createAuditKeySealer } from '../../../src/tokens/audit-key-sealer.ts'
import { createRootKey } from '../../../src/tokens/root-key.ts'

export const now = 1_800_000_000_000
export const day = 86_400_000

export const event: AuditEvent = {
  at: now,
  action: 'sign_in',
  outcome: 'ok',
  userId: null,
  appId: 'wx1',
  origin: { address: '203.0.113.7', device: 'Phone' },
}

interface AuditNode {
  readonly audit: PostgresAuditStore
  readonly postgres: Postgres
  /** The errors of lines for which no caller waited. */
  readonly errors: unknown[]
  /** Writes lines; the clock of the node is that of the last one. */
  write(...events: readonly Partial<AuditEvent>[]): Promise<void>
}

interface AuditNodeOptions extends PostgresOptions {
  /** Runs a transaction; a test may lose its result. */
  readonly runTransaction?: <T>(run: () => Promise<T>) => Promise<T>
  readonly secretKey?: number
  readonly part?: number
}

/** The audit log of one node. Nothing is open before `audit.open()`. */
export async function openAuditNode(
  url: string,
  { secretKey = 0, part = 0, runTransaction = (run) => run(), ...options }: AuditNodeOptions = {},
): Promise<AuditNode> {
  const opened = await openPostgres(url, options)
  const postgres: Postgres = {
    ...opened,
    transaction: (names, work) => runTransaction(() => opened.transaction(names, work)),
  }
  const errors: unknown[] = []
  let clock = now
  const audit = createAuditStore({
    postgres,
    keys: createAuditKeySealer(createRootKey(new Uint8Array(32).fill(secretKey))),
    now: () => clock,
    clock: { observe: (at) => ({ earliest: at, latest: at }) },
    counts: { part, appIds: new Set(['wx1']) },
    onError: (error) => void errors.push(error),
  })
  onTestFinished(async () => {
    await audit.flush()
    await postgres.close()
  })
  return {
    audit,
    postgres,
    errors,
    async write(...events) {
      for (const each of events) audit.record({ ...event, ...each })
      clock = events.at(-1)?.at ?? now
      await audit.flush()
    },
  }
}

export const isOverloaded = (error: unknown): boolean =>
  error instanceof Failure && error.reason === 'overloaded'
