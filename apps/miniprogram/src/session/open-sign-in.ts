import { session } from './session.ts'

const tabs = ['/pages/home/index', '/pages/profile/index']

/** Opens the sign-in page; afterwards the person lands on `to`, or back where they are now. */
export function openSignIn(to = ''): void {
  wx.navigateTo({ url: `/pages/sign-in/index${to ? `?to=${encodeURIComponent(to)}` : ''}` })
}

/** Lets go of a sign-in that is of no use any more, and offers a new one. */
export async function signInAgain(): Promise<void> {
  await session.signOut()
  openSignIn()
}

/** To where they were going, else back to the page that asked, else home. */
export async function leaveSignIn(to: string): Promise<void> {
  if (isPage(to)) await wx.redirectTo({ url: to })
  else if (getCurrentPages().length > 1) await wx.navigateBack()
  else await goHome()
}

export function goHome(): Promise<unknown> {
  return wx.switchTab({ url: '/pages/home/index' })
}

// A link from outside may carry anything; a tab cannot be redirected to and is reached by going back.
function isPage(to: string): boolean {
  return /^\/pages\/[a-z-]+\/index$/.test(to) && !tabs.includes(to)
}
