import type { WechatCall } from './call-log/wechat-call-poller.ts'

/** The kinds of fault that the panel offers. */
export const wechatFaults = [
  'none',
  'busy',
  'slow',
  'garbage',
  'down',
  'lost',
  'blocked',
  'rateLimited',
  'phoneQuota',
] as const

/** One of {@link wechatFaults}. */
export type WechatFault = (typeof wechatFaults)[number]

/** What the panel reads and changes in the sandbox. */
export interface SandboxControls {
  /** The current fault; undefined for one that the panel does not offer. */
  fault(): Promise<WechatFault | undefined>
  /** Replaces the current fault. */
  setFault(fault: WechatFault): Promise<WechatFault>
  /** The calls of the service after sequence number `since`, oldest first. */
  calls(since: number): Promise<WechatCall[]>
  /** The phone number of a user; empty where the sandbox cannot be reached. */
  numberOf(person: string): Promise<string>
}

/** Client of the sandbox's control routes for tests; its methods reject where the sandbox cannot be reached. */
export function createSandboxControls(): SandboxControls {
  const post = <T>(path: string, body: object): Promise<T> =>
    ask<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return {
    async fault() {
      const { kind } = await ask<{ kind: string }>('fault')
      return wechatFaults.find((fault) => fault === kind)
    },
    async setFault(fault) {
      // Only one fault at a time: remove the previous one from every path.
      await post('fault', { kind: 'none' })
      if (fault !== 'none') await post('fault', { kind: fault })
      return fault
    },
    calls: async (since) => (await ask<{ calls: WechatCall[] }>(`calls?since=${since}`)).calls,
    numberOf: (user) =>
      post<{ phone?: string }>('person', { user }).then(
        ({ phone = '' }) => phone,
        () => '',
      ),
  }
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(`/wechat/sandbox/${path}`, init)
  if (!response.ok) throw new Error(`the sandbox says ${response.status}`)
  return (await response.json()) as T
}
