import { hasUsablePassword } from '../../identity/sign-in-means.ts'
import type { PersonIdentity, PersonInFull } from '../people/person.ts'
import type { MergePreview } from './merge.ts'

export interface MergeParty extends Pick<PersonInFull, 'person'> {
  readonly identities: readonly PersonIdentity[]
}

type Part = 'account' | 'phone' | 'nickname' | 'avatarUrl' | 'externalId'

/**
 * What the kept user receives from the other one, and what both have, so that the kept user's own value stays.
 *
 * A user has one password, so it moves where the kept user has none to sign in with, also without the name or number that
 * it was used with. Otherwise the kept user's own password goes with the name and the number that move. So the kept user
 * can sign in where one of the two could.
 */
export function planMerge(
  kept: MergeParty,
  gone: MergeParty,
): Pick<MergePreview, 'moves' | 'stays'> {
  const has = ({ identities }: MergeParty, appId: string) =>
    identities.some((identity) => identity.appId === appId)
  const moved = (part: Part) => (kept.person[part] === null ? gone.person[part] : null)
  const stayed = (part: Part) => (gone.person[part] === null ? null : kept.person[part])
  return {
    moves: {
      identities: gone.identities.filter(({ appId }) => !has(kept, appId)),
      account: moved('account'),
      password: hasUsablePassword(gone.person) && !hasUsablePassword(kept.person),
      phone: moved('phone'),
      nickname: moved('nickname'),
      avatarUrl: moved('avatarUrl'),
      externalId: moved('externalId'),
    },
    stays: {
      identities: kept.identities.filter(({ appId }) => has(gone, appId)),
      account: stayed('account'),
      phone: stayed('phone'),
      nickname: stayed('nickname'),
      externalId: stayed('externalId'),
    },
  }
}
