import { accountKey } from '../account/account-name.ts'
import { hashNewPassword } from '../account/prove-password.ts'
import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { draftSession, type SignedIn, signedIn } from '../session/open-session.ts'
import type { NewSession } from '../session/session.ts'
import { draftUser } from './draft-user.ts'
import type { ClaimedIdentity } from './identity.ts'
import type { OpenedSignIn, RefusedBinding } from './identity-store.ts'
import { type Proof, resolveProof, spendTry } from './proof.ts'

type RegisterPorts = Pick<
  Ports,
  | 'users'
  | 'identities'
  | 'tickets'
  | 'tokens'
  | 'passwords'
  | 'wechat'
  | 'vault'
  | 'now'
  | 'policy'
>

interface NewAccount {
  readonly account: string
  readonly password: string
}

/**
 * Creates an account and binds the proven WeChat identity to it. The same call may be repeated with the same
 * ticket, name and password for 60 s after it succeeded, because the reply may have been lost, as long as the
 * binding stands.
 *
 * @throws Failure `ticket_rejected`, `account_taken`, `identity_taken`, `invalid_input` for a common password,
 * or WeChat's refusal
 */
export async function register(
  ports: RegisterPorts,
  input: NewAccount & { proof: Proof; origin: Origin },
): Promise<SignedIn> {
  const { account, password, origin } = input
  const proven = await resolveProof(ports, input.proof)
  const { identity } = proven
  const session = draftSession(ports, { appId: identity.appId, origin })
  if (proven.used !== null) {
    await spendTry(ports, proven)
    const { userId } = proven.used
    const again = await repeat(ports, input, { claim: proven, userId, session })
    return finish(again)
  }
  const user = draftUser(ports, {
    account: account.normalize('NFKC'),
    accountKey: accountKey(account),
    passwordHash: await hashNewPassword(ports, password, account),
  })
  return finish(await ports.identities.register({ claim: proven, user, session }))

  function finish(result: OpenedSignIn | RefusedBinding): Promise<SignedIn> {
    if (result.status !== 'bound') throw new Failure(result.status)
    return signedIn(ports, { session, identity }, result)
  }
}

async function repeat(
  ports: Pick<Ports, 'users' | 'identities' | 'passwords'>,
  { account, password }: NewAccount,
  request: { claim: ClaimedIdentity; userId: string; session: NewSession },
): Promise<OpenedSignIn | RefusedBinding> {
  const user = await ports.users.findByAccount(accountKey(account))
  const same = user !== null && user.id === request.userId
  const matches = await ports.passwords.verify(password, same ? user.passwordHash : null)
  return matches ? ports.identities.repeat(request) : { status: 'ticket_rejected' }
}
