/** The unionids of an identity. */
export interface KnownUnionids {
  readonly unionid: string | null
  /** The one before, where WeChat returned another since, as after a move to another Open Platform account. */
  readonly previousUnionid: string | null
}

const unionidsOf = ({ unionid, previousUnionid }: KnownUnionids): string[] =>
  [unionid, previousUnionid].filter((known) => known !== null)

/** The newest unionid of what WeChat returned, the oldest first, that is not the given one; null where there is none. */
export const newestUnionid = (
  returned: readonly { readonly unionid: string | null }[],
  other: string | null = null,
): string | null =>
  returned.findLast(({ unionid }) => unionid !== null && unionid !== other)?.unionid ?? null

/** Whether two identities belong to one WeChat, by a unionid that both have or had. */
export function isSameWechat(one: KnownUnionids, other: KnownUnionids): boolean {
  const known = unionidsOf(one)
  return unionidsOf(other).some((unionid) => known.includes(unionid))
}

/** The identity that is named, and those of the same WeChat: an identity may have learnt a changed unionid before others. */
export function identitiesOfWechat<Row extends KnownUnionids>(
  named: Row,
  all: readonly Row[],
): Row[] {
  const found = [named]
  // Grows while it is read: what belongs to a found one belongs to the same WeChat.
  for (const one of found)
    found.push(...all.filter((row) => !found.includes(row) && isSameWechat(one, row)))
  return found
}
