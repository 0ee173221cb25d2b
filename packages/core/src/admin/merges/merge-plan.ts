import type { PersonIdentity, PersonInFull } from '../people/person.ts'
import type { MergePreview } from './merge.ts'

export interface MergeParty extends Pick<PersonInFull, 'person'> {
  readonly identities: readonly PersonIdentity[]
}

type Part = 'phone' | 'nickname' | 'avatarUrl'

/** What the kept user gets from the one who goes, and what both have, of which the kept user's own stays. */
export function planMerge(
  kept: MergeParty,
  gone: MergeParty,
): Pick<MergePreview, 'moves' | 'stays'> {
  const has = ({ identities }: MergeParty, appId: string) =>
    identities.some((identity) => identity.appId === appId)
  const moved = (part: Part) => (kept.person[part] === null ? gone.person[part] : null)
  const stayed = (part: Part) => (gone.person[part] === null ? null : kept.person[part])
  // An account and its password are one credential: half of one joined to half of another opens what nobody chose.
  const credentials = kept.person.account === null && !kept.person.hasPassword ? gone.person : null
  return {
    moves: {
      identities: gone.identities.filter(({ appId }) => !has(kept, appId)),
      account: credentials?.account ?? null,
      password: credentials?.account != null && credentials.hasPassword,
      phone: moved('phone'),
      nickname: moved('nickname'),
      avatarUrl: moved('avatarUrl'),
    },
    stays: {
      identities: kept.identities.filter(({ appId }) => has(gone, appId)),
      account: gone.person.account === null ? null : kept.person.account,
      phone: stayed('phone'),
      nickname: stayed('nickname'),
    },
  }
}
