import type { Ports } from '../ports.ts'
import type { SignInRules } from './sign-in-means.ts'

/** The rules of this moment. */
export function signInRules({
  appIds,
  policy,
  now,
}: Pick<Ports, 'appIds' | 'policy' | 'now'>): SignInRules {
  return { appIds, phoneTrust: policy.phoneTrust, now: now() }
}
