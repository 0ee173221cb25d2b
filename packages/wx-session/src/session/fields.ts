/** The fields of any value: those of an object, and none of null or undefined. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return Object(value)
}

export function ignore(): void {}
