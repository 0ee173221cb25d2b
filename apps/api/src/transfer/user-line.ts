import { isAccountName, isExternalId, isNickname, nicknameLength, phoneNumber } from '@mianmi/core'
import { type ExportedUser, type ImportedUser, uniqueValuesOf } from '@mianmi/core/transfer'
import { z } from 'zod'
import { readStoredHash } from '../passwords/stored-hash/stored-hash.mjs'

/** Control characters, U+0000 among them, would not be seen in a report. */
const printable = /^[^\p{Cc}\p{Cs}]+$/u
const text = (most: number) => z.string().min(1).max(most).regex(printable, 'unprintable')
const time = z.iso
  .datetime({ offset: true })
  .transform((value) => Date.parse(value))
  .refine((value) => value >= 0, 'before 1970')

const appId = text(64).regex(/^\S+$/, 'a space in it')
/** WeChat's ids are compared as they are: one with the spaces of a CHAR column would never be met. */
const wechatId = text(128).refine((id) => id === id.trim(), 'a space before or behind it')

/** Longest of the limits of `readStoredHash`, with room. */
const maxHashLength = 512

/** A user as a line of a file has it. A null is the same as a field that is left out. */
const userLine = z.strictObject({
  id: text(64)
    .regex(/^[A-Za-z0-9_-]+$/, 'letters, digits, - and _ only')
    // The audit log has service keys and pseudonyms in the place of ids.
    .regex(/^(?!key-|p-|webhook-)/, 'begins with key-, p- or webhook-')
    .nullish(),
  externalId: z.string().refine(isExternalId, 'no external id, see docs/import.md').nullish(),
  account: z.string().refine(isAccountName, 'no account name, see docs/import.md').nullish(),
  passwordHash: z
    .string()
    .max(maxHashLength)
    .refine((hash) => readStoredHash(hash) !== null, 'no hash of a known scheme')
    .nullish(),
  phone: z
    .string()
    .transform((number) => phoneNumber(number))
    .refine((number) => number !== null, 'no phone number with its country code')
    .nullish(),
  phoneProvenAt: time.nullish(),
  nickname: z
    .string()
    .trim()
    .min(1)
    .max(nicknameLength)
    .refine(isNickname, 'cannot be shown to others')
    .nullish(),
  identities: z
    .array(z.strictObject({ appId, openid: wechatId, unionid: wechatId.nullish() }))
    .max(64)
    .refine(
      (list) => new Set(list.map(({ appId }) => appId)).size === list.length,
      'two identities in one app',
    )
    .nullish(),
  disabledAt: time.nullish(),
  createdAt: time.nullish(),
})

export type UserLine =
  | { readonly user: ImportedUser }
  /** What is wrong, by the names of fields. It holds no value of the line: a report may be passed on. */
  | { readonly problem: string }

/** How far a time may be ahead, in ms: the clock of the other system, or its time zone, may be wrong. */
const maxAhead = 24 * 3_600_000

/**
 * Reads a line of an import file.
 *
 * @param now ms since the epoch
 */
export function readUserLine(line: string, now: number): UserLine {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { problem: 'not JSON' }
  }
  const { success, data, error } = userLine.safeParse(value)
  if (!success) return { problem: error.issues.map(describeIssue).join('; ') }
  if (countKeys(value) !== countWrittenKeys(line)) return { problem: 'a field is in it twice' }
  const user = toImportedUser(data)
  const ahead = times.find((field) => (user[field] ?? 0) > now + maxAhead)
  if (ahead !== undefined) return { problem: `${ahead}: in the future` }
  if (user.phone === null && user.phoneProvenAt !== null)
    return { problem: 'phoneProvenAt: without a phone' }
  if (uniqueValuesOf(user).length === 0)
    return { problem: 'has none of id, externalId, account, phone and identities' }
  return { user }
}

const times = ['phoneProvenAt', 'disabledAt', 'createdAt'] as const

/** Keys of an object and of all objects in it. JSON.parse keeps the last of two equal ones and says nothing. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const keys = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce((sum: number, inner) => sum + countKeys(inner), keys)
}

/** Keys in the text of valid JSON, which has quotation marks around strings only. */
function countWrittenKeys(json: string): number {
  return [...json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon).length
}

function toImportedUser(line: z.output<typeof userLine>): ImportedUser {
  return {
    id: line.id ?? null,
    externalId: line.externalId ?? null,
    account: line.account ?? null,
    passwordHash: line.passwordHash ?? null,
    phone: line.phone ?? null,
    phoneProvenAt: line.phoneProvenAt ?? null,
    nickname: line.nickname ?? null,
    identities: (line.identities ?? []).map(({ unionid, ...ref }) => ({
      ...ref,
      unionid: unionid ?? null,
    })),
    disabledAt: line.disabledAt ?? null,
    createdAt: line.createdAt ?? null,
  }
}

/** A name that is none of a field may be a value that stands in the wrong place. */
function describeUnknown(keys: readonly string[]): string {
  const names = keys.filter((key) => /^[A-Za-z_]{1,32}$/.test(key))
  return names.length === keys.length ? `unknown field ${names.join(', ')}` : 'unknown fields'
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return describeUnknown(issue.keys)
  const path = issue.path.join('.')
  return path === '' ? issue.message : `${path}: ${issue.message}`
}

/**
 * Writes a user as a line of an export. Fields without a value are left out, and the order of the others is fixed, so that
 * an export of an import has the same bytes.
 */
export function writeUserLine(user: ExportedUser): string {
  const line = {
    id: user.id,
    externalId: user.externalId,
    account: user.account,
    passwordHash: user.passwordHash,
    phone: user.phone,
    phoneProvenAt: toIso(user.phoneProvenAt),
    nickname: user.nickname,
    identities: user.identities.map(({ appId, openid, unionid }) =>
      unionid === null ? { appId, openid } : { appId, openid, unionid },
    ),
    disabledAt: toIso(user.disabledAt),
    createdAt: toIso(user.createdAt),
  }
  const isEmpty = (value: unknown): boolean =>
    value === null || (Array.isArray(value) && value.length === 0)
  return JSON.stringify(
    Object.fromEntries(Object.entries(line).filter(([, value]) => !isEmpty(value))),
  )
}

const toIso = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString()
