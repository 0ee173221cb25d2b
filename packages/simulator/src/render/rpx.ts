/** Replaces `rpx` in an inline style, which the compiler does not see. */
export const rpxToCss = (style: string): string =>
  style.includes('rpx')
    ? style.replace(/(-?\d*\.?\d+)rpx\b/g, (_, number: string) => `calc(${number} * var(--rpx))`)
    : style
