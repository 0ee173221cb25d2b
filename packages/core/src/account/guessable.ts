/** Words of this product that attackers try first, besides the account name. */
const contextWords = ['mianmi', 'wechat', 'weixin', '免密', '微信', '小程序']

/** A password must have at least this many characters after these words are removed. */
const leastOfItsOwn = 4

/**
 * Whether a password consists of little more than its account name or words of the product, such as `wechat123`
 * or the account name twice (NIST SP 800-63B §5.1.1.2, context-specific words).
 */
export function isMadeOfContext(password: string, account: string | null): boolean {
  const words = account === null ? contextWords : [account, ...contextWords]
  const normal = (text: string): string => text.normalize('NFKC').toLowerCase()
  const rest = words.reduce((left, word) => left.replaceAll(normal(word), ''), normal(password))
  return [...rest].length < leastOfItsOwn
}
