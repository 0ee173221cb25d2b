import type {
  AvatarStore,
  Caller,
  IdentityRef,
  Picture,
  ProfileChange,
  SignInRules,
  UserStore,
} from '../../src/index.ts'
import { now, rules } from './drafts.ts'
import type { TestedStores } from './stores.ts'

/** The user as the caller of a verb, by the newest session that is live at `now`. */
export async function callerOf(
  { sessions }: Pick<TestedStores, 'sessions'>,
  userId: string,
): Promise<Caller> {
  const [session] = await sessions.list(userId, now)
  return { sessionId: session?.id ?? 'none', userId, now }
}

/** The user's identity that was bound first. */
export async function proofOf(
  { people }: Pick<TestedStores, 'people'>,
  userId: string,
): Promise<IdentityRef> {
  const [identity] = (await people.bindings(userId, now)).identities
  return identity ?? { appId: 'none', openid: 'none' }
}

export async function setPhone(
  stores: TestedStores,
  userId: string,
  phone: string,
  change: Partial<SignInRules> = {},
): ReturnType<UserStore['setPhone']> {
  const [caller, provenBy] = [await callerOf(stores, userId), await proofOf(stores, userId)]
  return stores.users.setPhone({ caller, provenBy, phone, rules: { ...rules, ...change } })
}

/** A first password is proven by an identity, any other one by the one before. */
export async function changePassword(
  stores: TestedStores,
  userId: string,
  change: Partial<Parameters<UserStore['changePassword']>[0]> & { from: string | null; to: string },
): ReturnType<UserStore['changePassword']> {
  const caller = await callerOf(stores, userId)
  const provenBy = change.from === null ? await proofOf(stores, userId) : null
  return stores.users.changePassword({ caller, provenBy, ...change })
}

export async function updateProfile(
  stores: TestedStores,
  userId: string,
  change: ProfileChange,
): ReturnType<UserStore['updateProfile']> {
  return stores.users.updateProfile(await callerOf(stores, userId), change)
}

/** Keeps a picture and returns its address. */
export async function keepPicture(
  stores: TestedStores,
  userId: string,
  picture: Picture = { type: 'png', bytes: Uint8Array.of(1) },
): Promise<string> {
  const kept: Awaited<ReturnType<AvatarStore['keep']>> = await stores.avatars.keep(
    await callerOf(stores, userId),
    picture,
  )
  if (typeof kept === 'string') throw new Error(`the caller was refused: ${kept}`)
  return kept.avatarUrl ?? ''
}
