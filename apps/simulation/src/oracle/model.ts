import type { NewUser } from '@mianmi/core'
import type { MemoryStore } from '@mianmi/core/testing'

/** A user as the oracle knows it. */
export interface ModelUser {
  readonly id: string
  account: string | null
  nickname: string | null
  passwordHash: string | null
  phone: string | null
  /** Who proved the number to be theirs last. */
  phoneProvenBy: string | null
  /** By the clock of the node. */
  phoneProvenAt: number
  isDisabled: boolean
  isAdmin: boolean
  mergedInto: string | null
  /** When it was merged, in virtual time. */
  mergedAt: number
  /** Its WeChat identities, by their app. */
  readonly bindings: Map<string, ModelBinding>
  /** Identities that were unbound from the user, and not bound to it again by a proof of their own. */
  readonly shutOut: Map<string, { readonly at: number }>
}

export interface ModelBinding {
  readonly appId: string
  readonly openid: string
  /** Whether it came by its unionid alone. */
  readonly isSilent: boolean
}

export interface ModelSession {
  readonly id: string
  readonly userId: string
  readonly appId: string
  readonly openid: string
  /** Why it has ended; null while it lives. */
  ended: string | null
  /** What may end it without a wish of its user: somebody has a copy of a token, or a clock was set back. */
  readonly excuses: Set<string>
}

/** Who may be whom, as it follows from what people, administrators and WeChat have done. */
export interface Model {
  readonly users: Map<string, ModelUser>
  readonly sessions: Map<string, ModelSession>
  /** The unionids that WeChat has told the service of an identity, the newest last. */
  readonly told: Map<string, string[]>
  /** Users that were removed, and why. */
  readonly removed: Map<string, string>
}

export const createModel = (): Model => ({
  users: new Map(),
  sessions: new Map(),
  told: new Map(),
  removed: new Map(),
})

export const keyOf = ({ appId, openid }: { appId: string; openid: string }): string =>
  `${appId} ${openid}`

/** The user whom an identity is bound to. */
export function ownerOf(
  model: Model,
  identity: { appId: string; openid: string },
): ModelUser | null {
  for (const user of model.users.values())
    if (user.bindings.get(identity.appId)?.openid === identity.openid) return user
  return null
}

export const toldOf = (
  model: Model,
  identity: { appId: string; openid: string },
): readonly string[] => model.told.get(keyOf(identity)) ?? []

/** Whether WeChat has told the service that two identities are of one WeChat. */
export function isProvenSame(
  model: Model,
  one: { appId: string; openid: string },
  other: { appId: string; openid: string },
): boolean {
  const known = lastTwo(toldOf(model, one))
  return lastTwo(toldOf(model, other)).some((unionid) => known.includes(unionid))
}

/** The service keeps the newest unionid and the one before. */
export const lastTwo = (unionids: readonly string[]): readonly string[] => unionids.slice(-2)

/** The bindings of one WeChat of a user: the named one, and what unionids prove to belong to it. */
export function bindingsOfWechat(
  model: Model,
  user: ModelUser,
  named: ModelBinding,
): ModelBinding[] {
  const found = [named]
  for (const one of found)
    for (const other of user.bindings.values())
      if (!found.includes(other) && isProvenSame(model, one, other)) found.push(other)
  return found
}

export function endSessions(
  model: Model,
  why: string,
  which: (session: ModelSession) => boolean,
): void {
  for (const session of model.sessions.values())
    if (session.ended === null && which(session)) session.ended = why
}

/** The model, and what it may ask the world. */
export interface Oracle {
  readonly model: Model
  readonly state: MemoryStore['state']
  /** The person of an openid, as WeChat knows it. */
  personOf(openid: string): string | null
  now(): number
}

export const newUser = ({
  id,
  account,
  passwordHash,
}: Pick<NewUser, 'id' | 'account' | 'passwordHash'>): ModelUser => ({
  id,
  account,
  nickname: null,
  passwordHash,
  phone: null,
  phoneProvenBy: null,
  phoneProvenAt: 0,
  isDisabled: false,
  isAdmin: false,
  mergedInto: null,
  mergedAt: 0,
  bindings: new Map(),
  shutOut: new Map(),
})

/** A password that has neither a name nor a number is of no use, and goes with the number. */
export function loseNumber(user: ModelUser): void {
  user.phone = null
  user.phoneProvenBy = null
  if (user.account === null) user.passwordHash = null
}

/** Removes a user, and those that were merged into it. */
export function removeUser(model: Model, userId: string, why: string): void {
  for (const { id, mergedInto } of [...model.users.values()])
    if (mergedInto === userId) removeUser(model, id, why)
  model.users.delete(userId)
  model.removed.set(userId, why)
  endSessions(model, `user ${why}`, (session) => session.userId === userId)
}
