/** Makes the secrets of service keys. */
export interface ServiceKeyMaker {
  /** A new key `mk_…` with 128 random bits or more, to be shown once, and the hash under which it is stored. */
  newKey(): { readonly key: string; readonly hash: string }
  /** The hash of a key; null for a text that cannot be a key, because its form or its checksum is wrong. */
  hashOf(key: string): string | null
}
