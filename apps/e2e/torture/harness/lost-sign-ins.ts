import type { SignedIn } from '@mianmi/contracts'
import type { Harness } from './harness.ts'

/** Returns the user ids of acknowledged sign-ins whose access or refresh token no longer works. */
export async function findLostSignIns({ client }: Harness, acknowledged: readonly SignedIn[]) {
  const lost: string[] = []
  const check = async ({ tokens, user }: SignedIn) => {
    const me = await client.call<{ user: { id: string } }>('me', { token: tokens.accessToken })
    const { refreshToken } = tokens
    const refreshed = await client.call('session.refresh', { input: { refreshToken } })
    if (me.data?.user.id !== user.id || refreshed.data === null) lost.push(user.id)
  }
  for (let at = 0; at < acknowledged.length; at += 64)
    await Promise.all(acknowledged.slice(at, at + 64).map(check))
  return lost
}
