import type { Faults, Typed } from '../../account/credential.ts'
import { describeWith, type Failure, reasonOf } from '../../failure/failure.ts'
import { proveWithTicket } from '../../session/proof.ts'
import { service } from '../../session/service.ts'
import { session } from '../../session/session.ts'

/** One silent sign-in through WeChat; ends signed in, or unbound. */
export async function signInWithWeChat(): Promise<void> {
  const state = await session.signIn()
  if (state.status === 'offline') throw state.error
}

/** `code` is what WeChat's phone button gave; it works once, so a refusal needs another tap. */
export function bindPhone(code: string): Promise<void> {
  return proveWithTicket((ticket) =>
    service.bind.mutate({ proof: { ticket }, credential: { type: 'phone', code } }),
  )
}

export function bindAccount(typed: Typed): Promise<void> {
  return proveWithTicket((ticket) =>
    service.bind.mutate({ proof: { ticket }, credential: { type: 'password', ...typed } }),
  )
}

export function register(typed: Typed): Promise<void> {
  return proveWithTicket((ticket) => service.register.mutate({ proof: { ticket }, ...typed }))
}

/** An account may carry one WeChat identity in an app, so here its being taken is about that. */
export function bindFailure(error: unknown): Failure {
  return describeWith({ account_taken: '该账号已绑定其他微信' }, error)
}

/** What the service alone can find wrong with a new account, said at the field it is about. */
export function registerFaults(error: unknown): Faults | null {
  const reason = reasonOf(error)
  if (reason === 'account_taken') return { account: '账号名已被使用', password: '' }
  if (reason === 'invalid_input') return { account: '', password: '密码太常见或不符合要求' }
  return null
}
