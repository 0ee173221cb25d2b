import { randomBytes } from 'node:crypto'

/** The id of an event, which its receivers keep to recognise a repeat: 128 random bits without a dot. */
export const newEventId = (): string => `evt_${randomBytes(16).toString('base64url')}`
