import { asQueryError } from './query-error.ts'

/** Why the first connection failed, in one line, with the parameter of the URL that corrects a fault of TLS. */
export function describeFailure(error: unknown): string {
  const { code, cause } = asQueryError(error)
  const [line = ''] = (cause instanceof Error ? cause.message : '').split('\n')
  // Node's hint is about how Node is started, which a service of systemd or of a container does not decide.
  const message = line.replace(/; if the root CA .*$/, '')
  return message + (code === '' ? '' : ` (${code})`) + hintOf(message, code)
}

/** Of the codes that Node gives where a certificate has no authority that it knows (OpenSSL, verify(1)). */
const unknownAuthority = /UNABLE_TO|SELF_SIGNED/

function hintOf(message: string, code: string): string {
  if (unknownAuthority.test(code))
    return '; name the certificates of its authority in sslrootcert, or set sslmode=require, which encrypts and verifies nothing'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return '; name the host as its certificate does, or set sslmode=verify-ca'
  if (/does not support SSL/.test(message))
    return '; enable TLS there, or set sslmode=disable where the network is yours alone'
  return ''
}
