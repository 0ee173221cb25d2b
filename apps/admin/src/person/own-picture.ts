const name = /\/avatars\/([0-9a-f]{32}\.(?:jpg|png|webp))$/

/**
 * The path, on the console's own host, of a picture that the service stores. Undefined for an address elsewhere. A
 * foreign address that looks alike leads to no picture.
 */
export function ownPicture(avatarUrl: string | null): string | undefined {
  const found = name.exec(avatarUrl ?? '')?.[1]
  return found === undefined ? undefined : `/avatars/${found}`
}
