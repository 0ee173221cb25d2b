import type { Identity, NewUser } from '../../../../src/index.ts'
import { keepPicture, setPhone, updateProfile } from '../../callers.ts'
import {
  bindTo,
  byCode,
  newIdentity,
  newSession,
  newUser,
  now,
  registerUser,
  requireBound,
  rules,
  signIn,
  unbind,
  withoutAccount,
} from '../../drafts.ts'
import type { TestedStores } from '../../stores.ts'

/** A user to add, with what several verbs give to it. */
export interface PersonDraft {
  readonly id: string
  /** Its password is `password of ACCOUNT`. */
  readonly account?: string | undefined
  readonly phone?: string | undefined
  readonly nickname?: string | undefined
  /** With a kept picture. */
  readonly hasAvatar?: boolean
  readonly role?: 'user' | 'admin'
  readonly disabledAt?: number | undefined
  readonly createdAt?: number
  /** One in wx1 where none is given. */
  readonly identities?: readonly (readonly [appId: string, unionid?: string])[]
  /** How many sessions are open; one where it is not given. */
  readonly sessions?: number
}

export const openidOf = (userId: string, appId: string): string => `openid of ${userId} in ${appId}`

const pictureOf = (userId: string): Uint8Array =>
  Uint8Array.from([...userId].map((letter) => letter.charCodeAt(0)))

const identityOf = (userId: string, [appId, unionid]: readonly [string, string?]): Identity =>
  newIdentity({ appId, openid: openidOf(userId, appId), unionid: unionid ?? null })

export async function addPerson(stores: TestedStores, draft: PersonDraft): Promise<void> {
  const { id, account, phone, nickname, hasAvatar = false, createdAt = now } = draft
  const { identities: [first = ['wx1'], ...others] = [['wx1']], sessions = 1 } = draft
  const credentials: Partial<NewUser> =
    account === undefined
      ? withoutAccount
      : { account, accountKey: account, passwordHash: `password of ${account}` }
  const [appId, unionid] = first
  const identity = identityOf(id, [appId])
  const user = newUser({ id, createdAt, ...credentials })
  const { session } = await registerUser(stores, { identity, user })
  // Registered with a unionid that is known in another app, the identity would be taken.
  if (unionid !== undefined) await signIn(stores, { ...identity, unionid }, { createdAt })
  for (const other of others) {
    const claim = byCode(identityOf(id, other))
    const opened = newSession({ appId: other[0], createdAt })
    requireBound(await bindTo(stores, { claim, userId: id, session: opened }))
  }
  if (phone !== undefined) await setPhone(stores, id, phone)
  if (nickname !== undefined) await updateProfile(stores, id, { nickname })
  if (hasAvatar) await keepPicture(stores, id, { type: 'png', bytes: pictureOf(id) })
  await stores.sessions.endOthers({ sessionId: session.id, userId: id, now })
  for (let count = 1; count < sessions; count++) await signIn(stores, identity, { createdAt })
  if (sessions === 0) await stores.sessions.end({ id: session.id, userId: id })
  if (draft.role === 'admin') await stores.makeAdmin(id)
  if (draft.disabledAt !== undefined) await stores.people.disable(id, draft.disabledAt)
}

/** Adds users in this order. */
export async function addPeople(
  stores: TestedStores,
  drafts: readonly PersonDraft[],
): Promise<void> {
  for (const draft of drafts) await addPerson(stores, draft)
}

/** Notes that a unionid proves two users to be one person, and leaves no identity behind. */
export async function noteConflict(
  stores: TestedStores,
  {
    unionid = 'union',
    userIds,
    at = now,
  }: {
    unionid?: string
    userIds: readonly [string, string]
    at?: number
  },
): Promise<void> {
  const appId = 'wx-conflict'
  for (const userId of userIds) {
    const claim = byCode(newIdentity({ appId, unionid }))
    const session = newSession({ appId, createdAt: at })
    requireBound(await bindTo(stores, { claim, userId, session }))
  }
  const appIds = ['wx1', 'wx2', 'wx3', ...userIds.map((userId) => `wx of ${userId}`)]
  // Before the drafts' proofs of numbers, which it would put in doubt.
  const before = { ...rules, appIds, now: now - 1 }
  for (const userId of userIds) {
    if ((await unbind(stores, { userId, appId, rules: before })) !== 'unbound')
      throw new Error('still bound')
  }
}
