/** Where a description has its schemas. */
export const schemaPrefix = '#/components/schemas/'
