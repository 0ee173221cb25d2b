/** The text size that the person has set in WeChat, 1 for the default; sizes in px do not follow it by themselves. */
export const textScale: number = clamp(Number(wx.getAppBaseInfo().fontSizeScaleFactor) || 1)

// Above 1.6 a line has too few characters.
function clamp(factor: number): number {
  return Math.min(1.6, Math.max(0.85, factor))
}
