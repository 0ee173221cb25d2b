import type { CredentialInput, FieldErrors } from '../../account/credential.ts'
import { describeWith, type Failure, reasonOf } from '../../failure/failure.ts'
import { proveWithTicket } from '../../session/prove-with-ticket.ts'
import { service } from '../../session/service.ts'
import { session } from '../../session/session.ts'

/** One silent sign-in through WeChat. The state is then `signedIn` or `unbound`. @throws the error of `offline` */
export async function signInWithWeChat(): Promise<void> {
  const state = await session.signIn()
  if (state.status === 'offline') throw state.error
}

/** `code` comes from WeChat's phone button and works once, so another try needs another tap. */
export function bindPhone(code: string): Promise<void> {
  return proveWithTicket((ticket) =>
    service.bind.mutate({ proof: { ticket }, credential: { type: 'phone', code } }),
  )
}

export function bindAccount(input: CredentialInput): Promise<void> {
  return proveWithTicket((ticket) =>
    service.bind.mutate({ proof: { ticket }, credential: { type: 'password', ...input } }),
  )
}

export function register(input: CredentialInput): Promise<void> {
  return proveWithTicket((ticket) => service.register.mutate({ proof: { ticket }, ...input }))
}

/** An account has at most one WeChat identity in an app; `account_taken` means that here. */
export function bindFailure(error: unknown): Failure {
  return describeWith({ account_taken: '该账号已绑定其他微信' }, error)
}

/** Errors of a new account that only the service can find, for the fields. */
export function registerFieldErrors(error: unknown): FieldErrors | null {
  const reason = reasonOf(error)
  if (reason === 'account_taken') return { account: '账号名已被使用', password: '' }
  if (reason === 'invalid_input') return { account: '', password: '密码太常见或不符合要求' }
  return null
}
