/** How much larger than usual the person wants text in WeChat; sizes in px do not follow by themselves. */
export const textScale: number = clamp(Number(wx.getAppBaseInfo().fontSizeScaleFactor) || 1)

// Beyond this a line holds too few characters to be read with pleasure.
function clamp(factor: number): number {
  return Math.min(1.6, Math.max(0.85, factor))
}
