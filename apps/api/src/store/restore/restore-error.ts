/** A copy cannot be restored, for a reason that an administrator can correct. The message is one line without a secret. */
export class RestoreError extends Error {
  override readonly name = 'RestoreError'
}
