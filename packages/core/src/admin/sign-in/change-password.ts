import { checkNewPassword } from '../../account/prove-password.ts'
import { Failure } from '../../failure.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { fingerprintOf } from './admin-session.ts'
import type { AdminActor, AdminSignIn } from './administrator.ts'
import { adminCaller, proveAdminPassword } from './counted-tries.ts'
import { draftBrowser } from './known-browser.ts'
import { withCodeOf } from './second-factor.ts'

type ChangePasswordPorts = Pick<
  AdminPorts,
  | 'users'
  | 'limits'
  | 'tokens'
  | 'passwords'
  | 'administrators'
  | 'totp'
  | 'recoveryCodes'
  | 'now'
  | 'policy'
>

/**
 * Changes an administrator's own password; see `AdminSignIn.changePassword`. Wrong passwords and codes are counted for
 * the session: wrong ones of others do not keep the administrator from it.
 */
export async function changeAdminPassword(
  ports: ChangePasswordPorts,
  { administrator, origin }: AdminActor,
  change: Parameters<AdminSignIn['changePassword']>[1],
): Promise<{ browserToken: string }> {
  const { id: userId, account, sessionHash } = administrator
  const { currentPassword: password, newPassword, code, browserToken } = change
  await checkNewPassword(ports, newPassword, account)
  const from = await ports.users.findPasswordHash(userId)
  if (from === null) throw new Failure('unauthenticated')
  const candidate = { subject: userId, user: { passwordHash: from }, password, origin }
  await proveAdminPassword(ports, candidate, sessionHash)
  const { token, browser } = draftBrowser(ports, browserToken)
  const result = await withCodeOf(ports, { userId, sessionHash, code }, async (proof) => {
    const to = await ports.passwords.hash(newPassword, adminCaller(userId, origin))
    const session = { hash: sessionHash, passwordFingerprint: fingerprintOf(ports, to) }
    const request = { userId, from, to, proof, session, browser }
    const done = await ports.administrators.changePassword(request)
    return done === 'proof_rejected' ? null : done
  })
  // Another call changed the password after it was read, so the proof is no longer valid.
  if (result === 'outdated') throw new Failure('credential_rejected')
  return { browserToken: token }
}
