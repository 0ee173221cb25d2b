/** Why bytes are not accepted as a picture. The message is for the log and quotes nothing of the content. */
export class MalformedPictureError extends Error {
  override readonly name = 'MalformedPictureError'
}

/** @throws MalformedPictureError where the condition does not hold */
export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new MalformedPictureError(message)
}
