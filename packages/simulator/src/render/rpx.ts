/** `rpx` in an inline style, where no build step could see it. */
export const rpxToCss = (style: string): string =>
  style.includes('rpx')
    ? style.replace(/(-?\d*\.?\d+)rpx\b/g, (_, number: string) => `calc(${number} * var(--rpx))`)
    : style
