import { type UserView, viewUser } from '../account/user.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { spend } from '../rate-limit/limits.ts'
import type { SignedInCaller } from '../session/session.ts'
import { MalformedPictureError } from './malformed-picture.ts'
import { pictureIn } from './picture.ts'

/**
 * Stores a picture, without its metadata, as the user's avatar. It replaces the previous one.
 *
 * @throws Failure `invalid_input` where it is too large or no JPEG, PNG or WebP that a decoder draws, `rate_limited`,
 * `unauthenticated` where the user was deleted in the meantime
 */
export async function setAvatar(
  ports: Pick<Ports, 'avatars' | 'inflate' | 'limits' | 'now' | 'policy'>,
  { user }: SignedInCaller,
  bytes: Uint8Array,
): Promise<UserView> {
  const picture = await pictureIn(bytes, ports.inflate).catch((error: unknown) => {
    if (!(error instanceof MalformedPictureError)) throw error
    throw new Failure('invalid_input', { detail: `${error.message}, of ${bytes.length} bytes` })
  })
  await spend(ports, 'new avatar of user', user.id)
  const changed = await ports.avatars.keep(user.id, picture)
  if (changed === null) throw new Failure('unauthenticated')
  return viewUser(changed)
}
