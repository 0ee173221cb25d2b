import type { AdminOutput } from '../../../service/trpc-client.ts'
import type { ConflictsText } from '../text.ts'

type Preview = AdminOutput['conflicts']['preview']
type Party = Preview['kept']

/** What tells two people apart best; nicknames repeat. */
export function distinguishingName({ account, phone, nickname, id }: Party): string {
  return account ?? phone ?? nickname ?? id
}

interface Effects {
  readonly moves: readonly string[]
  readonly stays: readonly string[]
  readonly ends: readonly string[]
}

const describe = <T>(value: T | null, say: (value: T) => string) =>
  value === null ? [] : [say(value)]

/** What a merge does, in sentences. */
export function mergeEffects(
  { gone, moves, stays, endedSessions }: Preview,
  text: ConflictsText,
): Effects {
  const identity = (one: { openid: string; appId: string }) => text.identity(one.openid, one.appId)
  const account = moves.password ? text.accountAndPassword : text.accountOf
  const lost = gone.appIds.filter((id) => !moves.identities.some(({ appId }) => appId === id))
  return {
    moves: [
      ...moves.identities.map(identity),
      ...describe(moves.account, account),
      ...describe(moves.phone, text.phoneOf),
      ...describe(moves.nickname, text.nicknameOf),
      ...describe(moves.avatarUrl, () => text.avatar),
    ],
    stays: [
      ...stays.identities.map(identity),
      ...describe(stays.account, text.accountOf),
      ...describe(stays.phone, text.phoneOf),
      ...describe(stays.nickname, text.nicknameOf),
    ],
    ends: [
      ...(endedSessions > 0 ? [text.sessionsEnd(endedSessions)] : []),
      ...describe(moves.account === null ? gone.account : null, text.accountEnds),
      ...describe(moves.phone === null ? gone.phone : null, text.phoneEnds),
      ...lost.map(text.identityEnds),
      text.personEnds(distinguishingName(gone)),
    ],
  }
}
