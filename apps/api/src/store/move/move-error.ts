/** The database cannot be moved, for a reason that an administrator can correct. The message is one line without a secret. */
export class MoveError extends Error {
  override readonly name = 'MoveError'
}
