/** The database cannot be opened, for a reason that an administrator can correct. The message is one line without a secret. */
export class DatabaseOpenError extends Error {
  override readonly name: string = 'DatabaseOpenError'
}
