import { hash } from 'node:crypto'
import type { EnrolmentCodes } from '@mianmi/core/admin'
import { drawCode, plainText } from './paper-code.ts'

const groupCount = 5

/**
 * Enrolment codes of five groups: 99 random bits, so a plain hash cannot be reversed by search. The commands have no key
 * of the service.
 */
export const enrolmentCodes: EnrolmentCodes = {
  draw: () => drawCode(groupCount),
  hash: (code) => hash('sha256', `enrolment code ${plainText(code)}`, 'base64url'),
}
