import { session } from './session.ts'

const tabs = ['/pages/home/index', '/pages/profile/index']

/** Opens the sign-in page. After sign-in it opens `to`, or goes back. */
export function openSignIn(to = ''): void {
  wx.navigateTo({ url: `/pages/sign-in/index${to ? `?to=${encodeURIComponent(to)}` : ''}` })
}

/** Ends a sign-in that is not valid any more, and opens the sign-in page. */
export async function signInAgain(): Promise<void> {
  await session.signOut()
  openSignIn()
}

/** Opens `to`; without it goes back to the page before; without that, home. */
export async function leaveSignIn(to: string): Promise<void> {
  if (isPage(to)) await wx.redirectTo({ url: to })
  else if (getCurrentPages().length > 1) await wx.navigateBack()
  else await goHome()
}

export function goHome(): Promise<unknown> {
  return wx.switchTab({ url: '/pages/home/index' })
}

// A link from outside may have any `to`. A tab page cannot be the target of redirectTo; going back reaches it.
function isPage(to: string): boolean {
  return /^\/pages\/[a-z-]+\/index$/.test(to) && !tabs.includes(to)
}
