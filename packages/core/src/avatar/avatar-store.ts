import type { UserRecord } from '../account/user.ts'
import type { Caller, RefusedCaller } from '../session/caller.ts'
import type { Picture } from './picture.ts'

export interface AvatarStore {
  /**
   * Stores the picture, sets the user's avatar address, and deletes the previous picture in the same
   * transaction. Of concurrent callers the last one's picture stays, with its own address. The caller is checked by
   * `refuseCaller` first.
   */
  keep(caller: Caller, picture: Picture): Promise<UserRecord | RefusedCaller>
}
