import type { AvatarStore, Picture } from '@mianmi/core'

export interface AvatarStoreWithFind extends AvatarStore {
  /** The picture with the name `HASH.TYPE`, or null. A plain read. */
  find(name: string): Promise<Picture | null>
}
