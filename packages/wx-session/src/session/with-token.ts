import { fieldsOf } from './fields.ts'

/**
 * Headers with the access token instead of one that the caller may have set, in any spelling: names of headers are
 * compared without case (RFC 9110 §5.1). Without a token they stay as they are.
 */
export const withToken = (headers: object | undefined, token: string): Record<string, unknown> => {
  const sent: Record<string, unknown> = token ? { authorization: `Bearer ${token}` } : {}
  for (const [name, value] of Object.entries(fieldsOf(headers))) {
    if (!token || !/^authorization$/i.test(name)) sent[name] = value
  }
  return sent
}
