import { type UserView, viewUser } from '../account/user.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { spend } from '../rate-limit/limits.ts'
import { accepted, callerNow } from '../session/caller.ts'
import type { SignedInCaller } from '../session/session.ts'
import { MalformedPictureError } from './malformed-picture.ts'
import { pictureIn } from './picture.ts'

/**
 * Stores a picture, without its metadata, as the user's avatar. It replaces the previous one.
 *
 * @throws Failure `invalid_input` where it is too large or no JPEG, PNG or WebP that a decoder draws, `rate_limited`,
 * `unauthenticated` or `user_disabled` where the session ended or the user was disabled in the meantime
 */
export async function setAvatar(
  ports: Pick<Ports, 'avatars' | 'inflate' | 'limits' | 'now' | 'policy'>,
  caller: SignedInCaller,
  bytes: Uint8Array,
): Promise<UserView> {
  await spend(ports, 'avatar tried by user', caller.user.id)
  const picture = await pictureIn(bytes, ports.inflate).catch((error: unknown) => {
    if (!(error instanceof MalformedPictureError)) throw error
    throw new Failure('invalid_input', { detail: `${error.message}, of ${bytes.length} bytes` })
  })
  await spend(ports, 'new avatar of user', caller.user.id)
  return viewUser(accepted(await ports.avatars.keep(callerNow(ports, caller), picture)))
}
