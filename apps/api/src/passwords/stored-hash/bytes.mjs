import { timingSafeEqual } from 'node:crypto'

/**
 * Reads base64 with or without padding, also in the variant of passlib, which writes `.` for `+`.
 *
 * @param {string} text
 */
export const fromBase64 = (text) => Buffer.from(text.replaceAll('.', '+'), 'base64')

/** @param {Uint8Array} bytes */
export const toBase64 = (bytes) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
export const areEqual = (one, other) => one.length === other.length && timingSafeEqual(one, other)
