import { accountKey } from '../account/account-name.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { draftSession, type SignedIn, signedIn } from '../session/open-session.ts'
import { type Proof, readProof } from './proof.ts'

/**
 * Makes a new account and binds the proven WeChat identity to it.
 *
 * @throws Failure `ticket_rejected`, `account_taken`, `identity_taken`, or what WeChat answers
 */
export async function register(
  ports: Ports,
  input: { proof: Proof; account: string; password: string; device: string | null },
): Promise<SignedIn> {
  const claim = await readProof(ports, input.proof)
  const session = draftSession(ports, { appId: claim.identity.appId, device: input.device })
  const user = {
    id: ports.tokens.newId(),
    account: input.account.normalize('NFKC'),
    accountKey: accountKey(input.account),
    passwordHash: await ports.passwords.hash(input.password),
    createdAt: session.createdAt,
  }
  const result = await ports.identities.register({ claim, user, session })
  if (result.status !== 'bound') throw new Failure(result.status)
  return signedIn(ports, session, result)
}
