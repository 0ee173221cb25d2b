import type { UserRecord } from '../account/user.ts'
import type { Picture } from './picture.ts'

export interface AvatarStore {
  /**
   * Stores the picture, sets the user's avatar address, and deletes the previous picture in the same
   * transaction. Of concurrent callers the last one's picture stays, with its own address. Null where the user
   * does not exist.
   */
  keep(userId: string, picture: Picture): Promise<UserRecord | null>
}
