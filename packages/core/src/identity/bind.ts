import { accountKey } from '../account/account-name.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { draftSession, type SignedIn, signedIn } from '../session/open-session.ts'
import type { NewSession } from '../session/session.ts'
import type { Claim } from './identity.ts'
import type { Bound, Refused } from './identity-store.ts'
import { type Proof, readProof, spendTry } from './proof.ts'

export type Credential =
  | { readonly type: 'password'; readonly account: string; readonly password: string }
  | { readonly type: 'phone'; readonly code: string }

/**
 * Binds the proven WeChat identity to the account that the credential proves, once.
 *
 * @throws Failure `ticket_rejected`, `credential_rejected`, `phone_rejected`, `identity_taken`,
 * `account_taken` (the account has another WeChat identity in this app), `user_disabled`, or what WeChat answers
 */
export async function bind(
  ports: Ports,
  input: { proof: Proof; credential: Credential; device: string | null },
): Promise<SignedIn> {
  const claim = await readProof(ports, input.proof)
  const session = draftSession(ports, { appId: claim.identity.appId, device: input.device })
  const { credential } = input
  const result =
    credential.type === 'password'
      ? await bindByPassword(ports, { claim, session, credential })
      : await bindByPhone(ports, { claim, session, code: credential.code })
  if (result.status !== 'bound') throw new Failure(result.status)
  return signedIn(ports, session, result)
}

async function bindByPassword(
  ports: Ports,
  {
    claim,
    session,
    credential,
  }: { claim: Claim; session: NewSession; credential: { account: string; password: string } },
): Promise<Bound | Refused> {
  await spendTry(ports, claim)
  const user = await ports.users.findByAccount(accountKey(credential.account))
  const fits = await ports.passwords.verify(credential.password, user?.passwordHash ?? null)
  if (user === null || !fits) throw new Failure('credential_rejected')
  return ports.identities.bind({ claim, userId: user.id, session })
}

async function bindByPhone(
  ports: Ports,
  { claim, session, code }: { claim: Claim; session: NewSession; code: string },
): Promise<Bound | Refused> {
  const { appId, openid } = claim.identity
  const phone = await ports.wechat.phoneNumber({ appId, openid, code })
  const user = {
    id: ports.tokens.newId(),
    account: null,
    accountKey: null,
    passwordHash: null,
    createdAt: session.createdAt,
  }
  return ports.identities.bindPhone({ claim, phone, user, session })
}
