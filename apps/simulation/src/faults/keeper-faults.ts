import { type Fault, fault } from './fault.ts'

const session = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/wx-session/src/session/${path}`, find, replace)

/** The session keeper does not wait, try again, store or adopt. */
export const keeperFaults: readonly Fault[] = [
  session(
    'a wait that the service asked for is ignored',
    'failures.ts',
    'return Math.min(secondsOf(retryAfter) || secondsOf(inHeader), longestWait) * 1000',
    'return 0 * (secondsOf(retryAfter) || secondsOf(inHeader) || longestWait)',
  ),
  session(
    'a refusal that only an administrator can change is tried again',
    'failures.ts',
    'if (finalReason.test(reason as string)) return Number.POSITIVE_INFINITY\n',
    '',
  ),
  session(
    'a rejected code is not followed by a second one',
    'sign-in/code-exchange.ts',
    'if (!options.isCodeRejected(error) || stateStore.epoch !== epoch) throw error',
    'if (error) throw error',
  ),
  session(
    'a changed profile is not stored',
    'state/session-state-store.ts',
    '      persistState(next, tokens)\n      apply(next, tokens)',
    '      apply(next, tokens)',
  ),
  session(
    'renewed tokens are not stored',
    'state/session-state-store.ts',
    '      persistState(next, nextTokens)\n      adopt',
    '      if (!nextTokens || state.status !== "signedIn") persistState(next, nextTokens)\n      adopt',
  ),
  session(
    'a window does not adopt the renewed tokens of another one',
    'sign-in/sign-in-flow.ts',
    '    await adopt(epoch)\n    const { tokens }',
    '    const { tokens }',
  ),
  session(
    'storage is written in any order',
    'state/session-storage.ts',
    'const result = jobs ? last.then(job) : job()',
    'const result = job()',
  ),
  session(
    'a call that fails never ends',
    'time-limit.ts',
    'run().then(end(resolve), end(reject))',
    'run().then(end(resolve))',
  ),
  session(
    'a tap does not override a sign-out',
    'sign-in/stored-sign-in.ts',
    '      if (isTap()) return false\n      stateStore.adopt',
    '      stateStore.adopt',
  ),
  session(
    'a sign-out waits for the service and is not stored',
    'session.ts',
    "      stateStore.decide({ status: 'signedOut' })\n      if (revoke && tokens) {",
    '      if (revoke && tokens) {',
  ),
]
