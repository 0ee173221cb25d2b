/** The fields of any value: those of an object, and none of null or undefined. */
export const fieldsOf: (value: unknown) => Record<string, unknown> = Object

/** Another name, because a minifier keeps that of a property. */
export const assign: typeof Object.assign = Object.assign
