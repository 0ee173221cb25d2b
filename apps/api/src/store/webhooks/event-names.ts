import { isWebhookEventType, type WebhookEventType } from '@mianmi/core'

/** The events of a webhook are stored as one text, separated by spaces. */
export const writeEventNames = (events: readonly WebhookEventType[]): string => events.join(' ')

/** What another version of the service knows is left out. */
export const readEventNames = (text: string): WebhookEventType[] =>
  text.split(' ').filter(isWebhookEventType)
