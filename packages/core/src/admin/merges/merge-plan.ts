import type { PersonIdentity, PersonInFull } from '../people/person.ts'
import type { MergePreview } from './merge.ts'

export interface MergeParty extends Pick<PersonInFull, 'person'> {
  readonly identities: readonly PersonIdentity[]
}

type Part = 'phone' | 'nickname' | 'avatarUrl'

/**
 * What the kept user receives from the other one, and what both have, so that the kept user's own value stays.
 */
export function planMerge(
  kept: MergeParty,
  gone: MergeParty,
): Pick<MergePreview, 'moves' | 'stays'> {
  const has = ({ identities }: MergeParty, appId: string) =>
    identities.some((identity) => identity.appId === appId)
  const moved = (part: Part) => (kept.person[part] === null ? gone.person[part] : null)
  const stayed = (part: Part) => (gone.person[part] === null ? null : kept.person[part])
  // Account name and password are one credential: the name of one user with the password of the other would be
  // a credential that neither of them chose.
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
