import type { WechatCall } from './call-log/wechat-call-poller.ts'

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

/** How the sandbox answers the service's calls. */
export type WechatFault = (typeof wechatFaults)[number]

export interface SandboxControls {
  /** Undefined for a mood that this page does not know. */
  fault(): Promise<WechatFault | undefined>
  setFault(fault: WechatFault): Promise<WechatFault>
  /** The service's calls after that sequence number, oldest first. */
  calls(since: number): Promise<WechatCall[]>
  /** Somebody's phone number, or none where the sandbox does not say. */
  numberOf(person: string): Promise<string>
}

/** The part of the sandbox that the phone has nothing to do with; rejects where it does not answer. */
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
      // One at a time: the one before is taken back, wherever it was.
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
