import type { AppRouter } from '@mianmi/contracts'
import { createTRPCClient, httpLink } from '@trpc/client'

export const apps = ['wx6d69616e6d690001', 'wx6d69616e6d690002'] as const

interface StackUrls {
  readonly serviceUrl: string
  readonly sandboxUrl: string
}

/** Calls a control route of the sandbox. */
export async function controlSandbox(
  { sandboxUrl }: StackUrls,
  route: 'person' | 'fault' | 'login',
  input: object,
): Promise<{ code: string }> {
  const response = await fetch(`${sandboxUrl}/sandbox/${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as { code: string }
}

/** Registers a person in both apps without a unionid, and then gives both identities the same unionid. */
export async function createConflict(urls: StackUrls, user: string): Promise<void> {
  const link = httpLink({ url: `${urls.serviceUrl}/trpc` })
  const service = createTRPCClient<AppRouter>({ links: [link] })
  const launch = async (appId: string) => {
    const { code } = await controlSandbox(urls, 'login', { appId, user })
    return service.miniLogin.mutate({ appId, code })
  }
  await controlSandbox(urls, 'person', { user, unionid: null })
  for (const [index, appId] of apps.entries()) {
    const state = await launch(appId)
    if (state.status !== 'unbound') throw new Error(state.status)
    const account = `${user}-${index + 1}`
    const proof = { ticket: state.ticket }
    await service.register.mutate({ proof, account, password: 'correct horse battery' })
  }
  await controlSandbox(urls, 'person', { user, unionid: `unionid-of-${user}` })
  for (const appId of apps) await launch(appId)
}
