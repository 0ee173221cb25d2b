/** One setting of the service. The value of a secret never leaves the service. */
export interface Setting {
  readonly name: string
  readonly value: string | null
  readonly secret: boolean
  readonly isDefault: boolean
}
