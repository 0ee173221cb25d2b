import { findCandidates } from '../account/find-candidates.ts'
import { passwordCaller, proveOneOf } from '../account/prove-password.ts'
import { renewImportedHash } from '../account/renew-hash.ts'
import type { Origin } from '../audit/audit-log.ts'
import type { NoteSubject } from '../audit/audited.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { draftSession, type SignedIn, signedIn } from '../session/open-session.ts'
import type { NewSession } from '../session/session.ts'
import { draftUser } from './draft-user.ts'
import type { OpenedSignIn, RefusedBinding } from './identity-store.ts'
import { askPhoneNumber } from './phone-code.ts'
import { countingTry, identityCaller, type Proof, type Proven, resolveProof } from './proof.ts'
import { signInRules } from './sign-in-rules.ts'

type BindPorts = Pick<
  Ports,
  | 'users'
  | 'identities'
  | 'tickets'
  | 'limits'
  | 'tokens'
  | 'passwords'
  | 'wechat'
  | 'vault'
  | 'now'
  | 'policy'
  | 'appIds'
>

export type Credential =
  /** `account` is an account name or a phone number. */
  | { readonly type: 'password'; readonly account: string; readonly password: string }
  | { readonly type: 'phone'; readonly code: string }

interface Attempt {
  readonly proven: Proven
  readonly session: NewSession
  readonly origin: Origin
  /** Takes the user at whom it is aimed. */
  readonly note: NoteSubject
}

/**
 * Binds the proven WeChat identity to the account that the credential proves. The same call may be repeated
 * with the same ticket and credential for 60 s after it succeeded, because the reply may have been lost, as long
 * as the binding stands.
 *
 * An identity that became a user by itself, at a first sign-in, goes to the proven account as long as that user has
 * nothing else.
 *
 * @throws Failure `ticket_rejected`, `credential_rejected`, `phone_rejected`, `identity_taken`, `account_taken`
 * (the account has another WeChat identity in this app), `user_disabled`, `rate_limited`, or WeChat's refusal
 */
export async function bind(
  ports: BindPorts,
  input: { proof: Proof; credential: Credential; origin: Origin },
  note: NoteSubject,
): Promise<SignedIn> {
  const { credential, origin } = input
  const proven = await resolveProof(ports, input.proof, origin)
  const { identity } = proven
  note({ appId: identity.appId })
  const session = draftSession(ports, { appId: identity.appId, origin })
  const attempt = { proven, session, origin, note }
  const result =
    credential.type === 'password'
      ? await bindByPassword(ports, attempt, credential)
      : await bindByPhone(ports, attempt, credential.code)
  if (result.status !== 'bound') throw new Failure(result.status)
  return signedIn(ports, { session, identity }, result)
}

async function bindByPassword(
  ports: BindPorts,
  { proven, session, origin, note }: Attempt,
  credential: { account: string; password: string },
): Promise<OpenedSignIn | RefusedBinding> {
  const caller = identityCaller(proven.identity)
  const user = await countingTry(ports, proven, async () => {
    const candidates = await findCandidates(ports, credential.account)
    note({ userId: candidates.find(({ user }) => user !== null)?.user?.id ?? null })
    const { password } = credential
    const proven = await proveOneOf(ports, { candidates, password, origin, caller })
    return renewImportedHash(ports, proven, { password, caller: passwordCaller(caller, origin) })
  })
  const { id: userId, passwordHash } = user
  const request = { claim: proven, userId, passwordHash, session }
  if (proven.used === null) return ports.identities.bind(request)
  if (proven.used.userId !== userId) return { status: 'ticket_rejected' }
  return ports.identities.repeat(request)
}

async function bindByPhone(
  ports: Omit<BindPorts, 'passwords' | 'tickets' | 'vault'>,
  { proven, session, origin, note }: Attempt,
  code: string,
): Promise<OpenedSignIn | RefusedBinding> {
  const { appId, openid } = proven.identity
  // WeChat accepts a phone code once, so a repeated call is recognised by the code itself.
  const proof = ports.tokens.hashTicket(code)
  if (proven.used !== null) {
    if (proven.used.proof !== proof) return { status: 'ticket_rejected' }
    const { userId } = proven.used
    return ports.identities.repeat({ claim: proven, userId, passwordHash: null, session })
  }
  const subject = proven.ticketHash === null ? `${appId} ${openid}` : `ticket ${proven.ticketHash}`
  const phone = await askPhoneNumber(ports, { appId, openid, code, subject, origin })
  const user = draftUser(ports)
  const rules = signInRules(ports)
  const result = await ports.identities.bindPhone({
    claim: proven,
    phone,
    proof,
    user,
    session,
    rules,
  })
  if (result.status !== 'bound')
    note({ userId: (await ports.users.findByPhone(phone))?.id ?? null })
  return result
}
