/**
 * Decompresses a zlib stream (RFC 1950) of at most `limit` bytes. Null where it is longer, damaged or unfinished, or
 * where bytes follow its end.
 */
export type Inflate = (compressed: Uint8Array, limit: number) => Promise<Uint8Array | null>
