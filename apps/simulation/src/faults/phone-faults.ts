import { type Fault, fault } from './fault.ts'

const session = (name: string, path: string, find: string, replace: string): Fault =>
  fault(name, `packages/wx-session/src/session/${path}`, find, replace)

/** Faults of the session keeper, the link, the contract and the keys. */
export const phoneFaults: readonly Fault[] = [
  session(
    'a call is replayed for another user',
    'authorized.ts',
    '      if (stateStore.epoch !== epoch) throw rejection\n',
    '',
  ),
  session(
    'a change of the user starts no new epoch',
    'state/session-state-store.ts',
    'apply(next, nextTokens, !isSameSession)',
    'apply(next, nextTokens, !isSameSession && false)',
  ),
  {
    name: 'a late reply overrides a decision',
    patches: [
      {
        file: 'packages/wx-session/src/session/state/session-state-store.ts',
        find: '    if (requestedIn !== epoch) return\n',
        replace: '    void requestedIn\n',
      },
      // A sign-in looks at the epoch already when it has read storage again.
      {
        file: 'packages/wx-session/src/session/sign-in/stored-sign-in.ts',
        find: '      if (stateStore.epoch !== epoch) return true\n',
        replace: '',
      },
    ],
  },
  session(
    'a sign-out is undone by a second context',
    'state/session-storage.ts',
    ' || (out && after !== out)',
    '',
  ),
  session(
    'a sign-out that another context stored is not obeyed',
    'sign-in/stored-sign-in.ts',
    '        stateStore.adopt(signedOut)\n        return true',
    '        return false',
  ),
  session(
    'nothing that a session waits for has a limit of time',
    'time-limit.ts',
    'milliseconds < 2 ** 31 ? setTimeout(',
    'milliseconds < 0 ? setTimeout(',
  ),
  session(
    'a failed renewal signs out',
    'sign-in/sign-in-flow.ts',
    '      if (rejected) throw error\n',
    "      if (rejected && stateStore.epoch === epoch) stateStore.decide({ status: 'signedOut' })\n      if (rejected) throw error\n",
  ),
  {
    name: 'a renewal replaces what another context has stored meanwhile',
    patches: [
      {
        file: 'packages/wx-session/src/session/sign-in/sign-in-flow.ts',
        find: 'const isAdopted = await adopt()',
        replace: 'const isAdopted = !renewed && await adopt()',
      },
      {
        file: 'packages/wx-session/src/session/state/session-storage.ts',
        find: 'if (isResult && !isBasedOn(pending, await readStored())) return undefined',
        replace: '',
      },
    ],
  },
  fault(
    'a batch gives each call the reply of the first',
    'packages/wx-link/src/wire/read-reply.ts',
    '= (isList ? json[index] : json)',
    '= (isList ? json[index && 0] : json)',
  ),
  fault(
    'a request that a phone never calls back about has no end',
    'packages/wx-link/src/wire/time-limit.ts',
    'setTimeout(expire, limit)',
    'setTimeout(expire, 2 ** 30)',
  ),
  fault(
    'a reason of WeChat is not in the table',
    'apps/api/src/wechat-gateway.ts',
    '    if (!(error instanceof WechatError)) throw error\n',
    "    if (!(error instanceof WechatError) || error.kind === 'quota_exhausted') throw error\n",
  ),
  fault(
    'a former SECRET_KEY verifies no refresh token',
    'apps/api/src/tokens/root-key.ts',
    '      ...keys.map((key) => key.mac(purpose, data)),\n',
    '      first.mac(purpose, data),\n',
  ),
]
