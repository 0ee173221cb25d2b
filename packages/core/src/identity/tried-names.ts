import type { Ports } from '../ports.ts'
import type { LimitedUse } from '../rate-limit/limit-store.ts'
import { useOf } from '../rate-limit/limits.ts'
import type { IdentityRef } from './identity.ts'

const subjectOf = ({ appId, openid }: IdentityRef): string => `${appId} ${openid}`

/** A tried account name of a WeChat: each one tells whether it is taken, or costs a hash. */
export const nameTried = (
  ports: Pick<Ports, 'now' | 'policy'>,
  identity: IdentityRef,
): LimitedUse => useOf(ports, 'account name tried', subjectOf(identity))

/** The same where it came with a login code: there is no ticket whose tries would limit it. */
export const namesTriedWithCodes = (
  ports: Pick<Ports, 'now' | 'policy'>,
  identity: IdentityRef,
): LimitedUse[] => [
  nameTried(ports, identity),
  useOf(ports, 'account name tried with codes', subjectOf(identity)),
]
