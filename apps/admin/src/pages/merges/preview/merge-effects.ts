import type { AdminOutput } from '../../../service/trpc-client.ts'
import type { MergesText } from '../text.ts'

type Preview = AdminOutput['conflicts']['preview']
type MergedUser = Preview['kept']

/**
 * The name that distinguishes two users of one person best: account and phone number are unique, nicknames are
 * not.
 */
export function distinguishingName({ account, phone, nickname, id }: MergedUser): string {
  return account ?? phone ?? nickname ?? id
}

interface MergeEffects {
  /** What the kept user takes over. */
  readonly moves: readonly string[]
  /** What both users have, where the kept user keeps their own. */
  readonly stays: readonly string[]
  /** What stops working. */
  readonly ends: readonly string[]
}

const describe = <T>(value: T | null, textOf: (value: T) => string) =>
  value === null ? [] : [textOf(value)]

/** The effects of a merge, each as a text for the preview. */
export function mergeEffects(
  { gone, moves, stays, endedSessions }: Preview,
  text: MergesText,
  appName: (appId: string) => string,
): MergeEffects {
  const identity = (one: { openid: string; appId: string }) =>
    text.identity(one.openid, appName(one.appId))
  const { account: name, password } = moves
  const account = password ? text.accountAndPassword : text.accountOf
  const phone = password && name === null ? text.phoneAndPassword : text.phoneOf
  const isPasswordAlone = password && name === null && moves.phone === null
  const lostAppIds = gone.appIds.filter((id) => !moves.identities.some(({ appId }) => appId === id))
  return {
    moves: [
      ...moves.identities.map(identity),
      ...describe(name, account),
      ...describe(moves.phone, phone),
      ...(isPasswordAlone ? [text.password] : []),
      ...describe(moves.nickname, text.nicknameOf),
      ...describe(moves.avatarUrl, () => text.avatar),
      ...describe(moves.externalId, text.externalIdOf),
    ],
    stays: [
      ...stays.identities.map(identity),
      ...describe(stays.account, text.accountOf),
      ...describe(stays.phone, text.phoneOf),
      ...describe(stays.nickname, text.nicknameOf),
      ...describe(stays.externalId, text.externalIdOf),
    ],
    ends: [
      ...(endedSessions > 0 ? [text.sessionsEnd(endedSessions)] : []),
      ...describe(moves.account === null ? gone.account : null, text.accountEnds),
      ...describe(moves.phone === null ? gone.phone : null, text.phoneEnds),
      ...describe(moves.externalId === null ? gone.externalId : null, text.externalIdEnds),
      ...lostAppIds.map(appName).map(text.identityEnds),
      text.personEnds(distinguishingName(gone)),
    ],
  }
}
