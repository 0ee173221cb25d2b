import { accountKey } from '../account/account-name.ts'
import type { PasswordCaller } from '../account/passwords.ts'
import { checkNewPassword, passwordCaller } from '../account/prove-password.ts'
import type { Origin } from '../audit/audit-log.ts'
import type { NoteSubject } from '../audit/audited.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { spendAll } from '../rate-limit/limits.ts'
import { draftSession, type SignedIn, signedIn } from '../session/open-session.ts'
import type { NewSession } from '../session/session.ts'
import { draftUser } from './draft-user.ts'
import type { ClaimedIdentity } from './identity.ts'
import type { OpenedSignIn, RefusedBinding } from './identity-store.ts'
import {
  countingTry,
  identityCaller,
  type Proof,
  type Proven,
  resolveProof,
  spendTry,
} from './proof.ts'
import { namesTriedWithCodes, nameTried } from './tried-names.ts'

type RegisterPorts = Pick<
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
 * The proof comes first, then the try is counted, then the name is looked up, and only a password for a free name is
 * hashed: a hash is costly, and the refusal says that the name is taken, so equal time would hide nothing.
 *
 * @throws Failure `ticket_rejected` also where its tries are spent, `account_taken`, `identity_taken`, `invalid_input`
 * for a common password, `rate_limited`, or WeChat's refusal
 */
export async function register(
  ports: RegisterPorts,
  input: NewAccount & { proof: Proof; origin: Origin },
  note: NoteSubject,
): Promise<SignedIn> {
  const { account, password, origin } = input
  const proven = await resolveProof(ports, input.proof, origin)
  const { identity } = proven
  note({ appId: identity.appId })
  const session = draftSession(ports, { appId: identity.appId, origin })
  const result = await openAccount()
  if (result.status !== 'bound') throw new Failure(result.status)
  return signedIn(ports, { session, identity }, result)

  async function openAccount(): Promise<OpenedSignIn | RefusedBinding> {
    const caller = passwordCaller(identityCaller(identity), origin)
    if (proven.used !== null) {
      const { userId } = proven.used
      return countingTry(ports, proven, () =>
        repeat(ports, { ...input, caller }, { claim: proven, userId, session }),
      )
    }
    await checkNewPassword(ports, password, account)
    await countName(ports, proven)
    const owner = await ports.users.findByAccount(accountKey(account))
    if (owner !== null) {
      note({ userId: owner.id })
      return { status: 'account_taken' }
    }
    const user = draftUser(ports, {
      account: account.normalize('NFKC'),
      accountKey: accountKey(account),
      passwordHash: await ports.passwords.hash(password, caller),
    })
    const result = await ports.identities.register({ claim: proven, user, session })
    if (result.status === 'identity_taken')
      note({ userId: await ports.identities.findOwner(identity) })
    return result
  }
}

/** Counts a tried account name: each one tells whether it is taken, or costs a hash. */
async function countName(
  ports: Pick<Ports, 'tickets' | 'limits' | 'now' | 'policy'>,
  proven: Proven,
): Promise<void> {
  const { identity, ticketHash } = proven
  if (ticketHash === null) return spendAll(ports, namesTriedWithCodes(ports, identity))
  await spendTry(ports, proven)
  await spendAll(ports, [nameTried(ports, identity)])
}

async function repeat(
  ports: Pick<Ports, 'users' | 'identities' | 'passwords'>,
  { account, password, caller }: NewAccount & { caller: PasswordCaller },
  request: { claim: ClaimedIdentity; userId: string; session: NewSession },
): Promise<OpenedSignIn | RefusedBinding> {
  const user = await ports.users.findByAccount(accountKey(account))
  const same = user !== null && user.id === request.userId && user.role !== 'admin'
  const passwordHash = same ? user.passwordHash : null
  const matches = await ports.passwords.verify(password, passwordHash, caller)
  if (!matches) return { status: 'ticket_rejected' }
  return ports.identities.repeat({ ...request, passwordHash })
}
