import type { AppRouter } from '@mianmi/contracts'
import { createTRPCClient, httpLink } from '@trpc/client'

export const apps = ['wx6d69616e6d690001', 'wx6d69616e6d690002'] as const

interface Places {
  readonly serviceUrl: string
  readonly sandboxUrl: string
}

/** Changes how the sandbox plays WeChat. */
export async function play(
  { sandboxUrl }: Places,
  what: 'person' | 'fault' | 'login',
  input: object,
): Promise<{ code: string }> {
  const response = await fetch(`${sandboxUrl}/sandbox/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as { code: string }
}

/** Registers somebody in both apps before WeChat tells that it is one person, and tells it then. */
export async function makeConflict(places: Places, user: string): Promise<void> {
  const link = httpLink({ url: `${places.serviceUrl}/trpc` })
  const service = createTRPCClient<AppRouter>({ links: [link] })
  const launch = async (appId: string) => {
    const { code } = await play(places, 'login', { appId, user })
    return service.miniLogin.mutate({ appId, code })
  }
  await play(places, 'person', { user, unionid: null })
  for (const [index, appId] of apps.entries()) {
    const state = await launch(appId)
    if (state.status !== 'unbound') throw new Error(state.status)
    const account = `${user}-${index + 1}`
    const proof = { ticket: state.ticket }
    await service.register.mutate({ proof, account, password: 'correct horse of theirs' })
  }
  await play(places, 'person', { user, unionid: `unionid-of-${user}` })
  for (const appId of apps) await launch(appId)
}
