/** The fields of any value: those of an object, and none of null or undefined. */
export const fieldsOf: (value: unknown) => Record<string, unknown> = Object

/** Another name, because a minifier keeps that of a property. */
export const assign: typeof Object.assign = Object.assign

export const ignore = (): void => {}

/** An error with a name of the web platform, by which callers know it. */
export const namedError = (name: string, message: string): Error =>
  assign(new Error(message), { name })

/** A new object with the fields of both: `{ ...a, ...b }`, which takes more code when it is lowered to es2017. */
export const merge = <A extends object, B extends object>(a: A | null, b: B): A & B =>
  assign({}, a as A, b)
