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
    'session.ts',
    '        if (isOwn) stateStore.record(epoch, undefined, newest, mark)\n',
    '        void isOwn\n',
  ),
  session(
    'renewed tokens are not stored',
    'state/session-state-store.ts',
    'if (nextTokens || isOver) persistState',
    'if (isOver || (nextTokens && state.status !== "signedIn")) persistState',
  ),
  session(
    'a window does not adopt the renewed tokens of another one',
    'sign-in/sign-in-flow.ts',
    'let isDone = await adopt()',
    'let isDone = !rejected && (await adopt())',
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
    '.then(resolve, reject)',
    '.then(resolve)',
  ),
  session(
    'a tap does not override a sign-out',
    'sign-in/stored-sign-in.ts',
    '        if (isAsked && (!atTap || atTap[1] === mark)) return false\n',
    '',
  ),
  session(
    'a sign-out waits for the service and is not stored',
    'session.ts',
    '      stateStore.decide(signedOut)\n      const token',
    '      const token',
  ),
]
