/** Takes the lines of the deliveries: ids and error codes, never an address, a secret or a body. */
export interface DispatchLog {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}
