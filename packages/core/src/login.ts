import { bind, type Credential } from './identity/bind.ts'
import { miniLogin, type Unbound } from './identity/mini-login.ts'
import type { Proof } from './identity/proof.ts'
import { register } from './identity/register.ts'
import type { Ports } from './ports.ts'
import { authenticate } from './session/authenticate.ts'
import type { SignedIn } from './session/open-session.ts'
import { refresh } from './session/refresh.ts'
import type { SignedInCaller } from './session/session.ts'
import type { Tokens } from './session/tokens.ts'

/** The use cases over one set of ports: what the contract's procedures call. */
export interface Login {
  miniLogin(input: {
    appId: string
    code: string
    device: string | null
  }): Promise<SignedIn | Unbound>
  bind(input: { proof: Proof; credential: Credential; device: string | null }): Promise<SignedIn>
  register(input: {
    proof: Proof
    account: string
    password: string
    device: string | null
  }): Promise<SignedIn>
  authenticate(accessToken: string | null): Promise<SignedInCaller>
  refresh(refreshToken: string): Promise<Tokens>
  signOut(caller: SignedInCaller): Promise<void>
}

export function createLogin(ports: Ports): Login {
  return {
    miniLogin: (input) => miniLogin(ports, input),
    bind: (input) => bind(ports, input),
    register: (input) => register(ports, input),
    authenticate: (accessToken) => authenticate(ports, accessToken),
    refresh: (refreshToken) => refresh(ports, refreshToken),
    signOut: async ({ session }) => {
      await ports.sessions.end(session.id)
    },
  }
}
