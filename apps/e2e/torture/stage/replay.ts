import type { SignedIn } from '@mianmi/contracts'
import type { Stage } from './stage.ts'

/** Whose tokens are worth nothing although they were handed out: their user ids. */
export async function replay({ caller }: Stage, acknowledged: readonly SignedIn[]) {
  const lost: string[] = []
  const check = async ({ tokens, user }: SignedIn) => {
    const me = await caller.call<{ user: { id: string } }>('me', { token: tokens.accessToken })
    const { refreshToken } = tokens
    const renewed = await caller.call('session.refresh', { input: { refreshToken } })
    if (me.data?.user.id !== user.id || renewed.data === null) lost.push(user.id)
  }
  for (let at = 0; at < acknowledged.length; at += 64)
    await Promise.all(acknowledged.slice(at, at + 64).map(check))
  return lost
}
