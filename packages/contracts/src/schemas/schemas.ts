import {
  accountNameAlphabet,
  accountNameLength,
  isAccountName,
  isNickname,
  largestPicture,
  nicknameLength,
} from '@mianmi/core'
import { z } from 'zod'
import { hasNoNul, text } from './text.ts'

/**
 * The wire schemas of the mini program's contract. Inputs are strict: an unknown key is refused. Outputs drop
 * every field that they do not list.
 */

/** Branded: only `isoTime` can produce it, so the format is not validated again (that took 7 % of `me`). */
const time = z.string().meta({ format: 'date-time' }).brand<'isoTime', 'in'>()
const appId = text.min(1).max(64)
/** WeChat documents no length. Login codes have 32 characters, getPhoneNumber codes 64. */
const code = text.min(1).max(256)
const ticket = text.min(1).max(128)

/** A name to sign in with: letters and digits of any script, and `. _ - @ +`; 3 to 64 of them. */
export const accountName = text
  .min(accountNameLength.least)
  .max(accountNameLength.most)
  .regex(accountNameAlphabet)
  .refine(isAccountName)
/**
 * At least 8 characters, no rule about character classes, long passwords allowed (NIST SP 800-63B §5.1.1.2).
 */
export const newPassword = text.min(8).max(128)

export const proof = z.union([z.strictObject({ ticket }), z.strictObject({ appId, code })])

export const credential = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('password'),
    account: text.min(1).max(64),
    password: text.min(1).max(128),
  }),
  z.strictObject({ type: z.literal('phone'), code }),
])

export const miniLoginInput = z.strictObject({ appId, code })
export const bindInput = z.strictObject({ proof, credential })
export const registerInput = z.strictObject({
  proof,
  account: accountName,
  password: newPassword,
})
/** Longer than an access token, so that one sent by mistake is refused like any other wrong token. */
export const refreshInput = z.strictObject({ refreshToken: text.min(1).max(1024) })

const id = text.min(1).max(64)
export const sessionIdInput = z.strictObject({ sessionId: id })
/** `everywhere`: each identity of the caller with the same unionid. */
export const unbindInput = z.strictObject({ appId, everywhere: z.boolean().optional() })
export const phoneCodeInput = z.strictObject({ code })

/** Shown to others, so it may hold nothing that is not to be seen. */
const nickname = text.trim().min(1).max(nicknameLength).refine(isNickname)
const avatarUrl = z
  .url({ protocol: /^https$/ })
  .max(1_024)
  .refine(hasNoNul)

export const updateProfileInput = z.strictObject({
  nickname: nickname.nullish(),
  avatarUrl: avatarUrl.nullish(),
})

/** RFC 4648 §4, canonical (§3.5): one text for each picture, without unused bits or line breaks. */
const base64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/

export const setAvatarInput = z.strictObject({
  image: text
    .min(1)
    .max(Math.ceil(largestPicture / 3) * 4)
    .regex(base64),
})

/** A change of the password, or a first one. Without `code` a first one is refused with `proof_required`. */
export const changePasswordInput = z.union([
  z.strictObject({ currentPassword: text.min(1).max(128), newPassword }),
  z.strictObject({ code: code.optional(), newPassword, account: accountName.optional() }),
])

/** Without `code` it is refused with `proof_required`. */
export const deleteInput = z.strictObject({ confirm: z.literal(true), code: code.optional() })

export const decryptInput = z.strictObject({
  encryptedData: text.min(1).max(32_768),
  iv: text.min(1).max(64),
})

export const user = z.object({
  id: z.string(),
  account: z.string().nullable(),
  /** Masked: `138****8000`. */
  phone: z.string().nullable(),
  nickname: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  role: z.enum(['user', 'admin']),
  createdAt: time,
})

export const tokens = z.object({
  accessToken: z.string(),
  accessTokenExpiresAt: time,
  refreshToken: z.string(),
  refreshTokenExpiresAt: time,
})

export const signedIn = z.object({
  status: z.literal('signedIn'),
  tokens,
  user,
  newUser: z.boolean(),
})

export const unbound = z.object({
  status: z.literal('unbound'),
  ticket: z.string(),
  ticketExpiresAt: time,
})

export const miniLoginOutput = z.discriminatedUnion('status', [signedIn, unbound])

export const meOutput = z.object({
  user,
  session: z.object({ id: z.string(), appId: z.string(), createdAt: time, expiresAt: time }),
})

export const sessionListOutput = z.object({
  sessions: z.array(
    z.object({
      id: z.string(),
      appId: z.string(),
      current: z.boolean(),
      createdAt: time,
      lastSeenAt: time,
      device: z.string().nullable(),
    }),
  ),
})

export const revokedOutput = z.object({ revoked: z.int() })

/** How an identity was bound; `unknown` for a binding of an earlier version, `admin` for one that a merge moved. */
export const boundBy = z.enum(['register', 'password', 'phone', 'unionid', 'admin', 'unknown'])

export const identityListOutput = z.object({
  identities: z.array(
    z.object({
      appId: z.string(),
      boundAt: time,
      current: z.boolean(),
      boundBy,
      lastSeenAt: time,
      device: z.string().nullable(),
    }),
  ),
})

export const userOutput = z.object({ user })

export const decryptOutput = z.object({ data: z.record(z.string(), z.unknown()) })

export const nothing = z.object({})

export type User = z.infer<typeof user>
export type Tokens = z.infer<typeof tokens>
export type SignedIn = z.infer<typeof signedIn>
export type Unbound = z.infer<typeof unbound>
export type Proof = z.infer<typeof proof>
export type Credential = z.infer<typeof credential>
