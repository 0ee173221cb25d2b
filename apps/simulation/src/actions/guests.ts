import type { World } from '../world/world.ts'
import { script } from './script.ts'

/**
 * A person of whom the service knows nothing yet, and who sends calls without an app. What takes several people, accounts and
 * apps in a certain order is rare among those who have a phone; a guest is free for it.
 */
export interface Guest {
  readonly name: string
  readonly number: string
}

export interface GuestTokens {
  readonly accessToken: string
  readonly refreshToken: string
}

/** An account name and its password. */
export interface GuestAccount {
  readonly account: string
  readonly password: string
}

export interface Entered {
  readonly tokens: GuestTokens
  readonly user: { readonly id: string }
}

export function newGuest(world: World): Guest {
  const serial = ++world.serials.names
  return { name: `Guest${serial}`, number: `139${String(serial).padStart(8, '0')}` }
}

/** Of the apps of the world two in random order; null where there is one. */
export function twoApps({ config, random }: World): readonly [string, string] | null {
  const start = random.below(config.appIds.length)
  const [one, two] = [...config.appIds.slice(start), ...config.appIds.slice(0, start)]
  return one === undefined || two === undefined ? null : [one, two]
}

/** Lets WeChat return unionids in all apps from now on. */
export function linkApps({ wechat, config }: World): void {
  const known = [...wechat.platforms.values()].find((platform) => platform !== null) ?? 'P'
  for (const appId of config.appIds)
    if (wechat.platforms.get(appId) === null) wechat.platforms.set(appId, known)
}

/** A fresh login code of the guest. */
export const codeOf = (world: World, { name }: Guest, appId: string): string =>
  world.wechat.loginCode(name, appId)

export const numberCodeOf = (world: World, { name, number }: Guest, appId: string): string =>
  world.wechat.phoneCode({
    ...{ person: name, appId, number },
    openid: world.wechat.openid(name, appId),
  })

/** What a call that signs in has returned; null where it was refused, lost, or gave a ticket. */
const entered = (data: Record<string, unknown> | null): Entered | null =>
  data?.['tokens'] === undefined ? null : (data as unknown as Entered)

/** Signs in by WeChat alone. */
export async function enterApp(world: World, guest: Guest, appId: string): Promise<Entered | null> {
  world.story.note(() => `${guest.name} opens “${appId}”`)
  const input = { appId, code: codeOf(world, guest, appId) }
  return entered(await script(world, { path: 'miniLogin', input, token: null }))
}

/** A ticket for an identity that is unbound. */
export async function ticketOf(world: World, guest: Guest, appId: string): Promise<string | null> {
  const input = { appId, code: codeOf(world, guest, appId) }
  const data = await script(world, { path: 'miniLogin', input, token: null })
  return typeof data?.['ticket'] === 'string' ? data['ticket'] : null
}

export async function registerIn(
  world: World,
  guest: Guest,
  appId: string,
): Promise<(Entered & GuestAccount) | null> {
  const serial = ++world.serials.names
  const account = `${guest.name.toLowerCase()}of${serial}`
  const password = `password${serial}`
  world.story.note(() => `${guest.name} registers ${account} in “${appId}”`)
  const proof = { appId, code: codeOf(world, guest, appId) }
  const input = { proof, account, password }
  const reply = entered(await script(world, { path: 'register', input, token: null }))
  return reply && { ...reply, account, password }
}

type Binding =
  | { readonly proof: object; readonly credential: object }
  | { readonly guest: Guest; readonly appId: string; readonly credential: object }

/** Binds by a proof, or by a fresh login code of the guest. */
export async function bindIn(world: World, binding: Binding): Promise<Entered | null> {
  const proof =
    'proof' in binding
      ? binding.proof
      : { appId: binding.appId, code: codeOf(world, binding.guest, binding.appId) }
  const input = { proof, credential: binding.credential }
  return entered(await script(world, { path: 'bind', input, token: null }))
}

export const byPassword = ({ account, password }: GuestAccount) => ({
  type: 'password',
  account,
  password,
})

/** Calls with an access token. Returns whether it was granted. */
export async function act(
  world: World,
  { tokens }: Pick<Entered, 'tokens'>,
  call: { readonly path: string; readonly input?: unknown },
): Promise<boolean> {
  const { path, input } = call
  return (await script(world, { path, input, token: tokens.accessToken })) !== null
}
