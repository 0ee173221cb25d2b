import type { UserRecord } from '../account/user.ts'
import type { Picture } from './picture.ts'

export interface AvatarStore {
  /**
   * Keeps the picture and gives the user its address; the picture before is gone in the same step, so
   * of callers that race the last one's picture stays, with its own address. Null where the user is gone.
   */
  keep(userId: string, picture: Picture): Promise<UserRecord | null>
}
