/** What guessers put together first for this house, beside the name of the account. */
const contextWords = ['mianmi', 'wechat', 'weixin', '免密', '微信', '小程序']

/** A password has to have this many characters beside them. */
const leastOfItsOwn = 4

/**
 * Whether a password says little more than whose it is or where it is used, such as `wechat123` or the name
 * of the account twice (NIST SP 800-63B §5.1.1.2, context-specific words).
 */
export function isMadeOfContext(password: string, account: string | null): boolean {
  const words = account === null ? contextWords : [account, ...contextWords]
  const normal = (text: string): string => text.normalize('NFKC').toLowerCase()
  const rest = words.reduce((left, word) => left.replaceAll(normal(word), ''), normal(password))
  return [...rest].length < leastOfItsOwn
}
