/** Back to the page that asked for a sign-in; home where this page was opened by itself. */
export async function backToWhereTheyWere(): Promise<void> {
  if (getCurrentPages().length > 1) await wx.navigateBack()
  else await wx.switchTab({ url: '/pages/home/index' })
}
