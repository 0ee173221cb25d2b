import { fileURLToPath } from 'node:url'
import type { StoreOptions } from '../../../src/store/store.ts'
import { createAuditKeySealer } from '../../../src/tokens/audit-key-sealer.ts'
import { createPhoneSealer } from '../../../src/tokens/phone-sealer.ts'
import { createRootKey } from '../../../src/tokens/root-key.ts'

export const now = 1_800_000_000_000
export const root = createRootKey(new Uint8Array(32).fill(1))
export const many = 8

/** What a process with this SECRET_KEY opens its store with. */
export const storeOptions = (keys = root): StoreOptions => ({
  phones: createPhoneSealer(keys),
  auditKeys: createAuditKeySealer(keys),
  appIds: ['wx1', 'wx2'],
  issuer: 'https://mianmi.example',
  now: () => now,
  onError: (error) => {
    throw error
  },
  migrations: fileURLToPath(new URL('../../../migrations', import.meta.url)),
})

/** Calls it so many times at once. */
export const race = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)))

export const newUser = (id: string, account: string | null = id) => ({
  id,
  account,
  accountKey: account?.toLowerCase() ?? null,
  passwordHash: account === null ? null : 'hash',
  createdAt: now,
})

export const enrolment = (hash: string) => ({ hash, expiresAt: now + 60_000 })
