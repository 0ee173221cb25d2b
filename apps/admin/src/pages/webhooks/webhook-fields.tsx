import { Checkbox, Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { zodRule } from '../../form/zod-rule.ts'
import { useText } from '../../language/texts.ts'
import type { AdminInput } from '../../service/trpc-client.ts'
import { webhooksText } from './text.ts'

type EventType = AdminInput['webhooks']['create']['events'][number]

export interface WebhookFormValues {
  readonly url: string
  readonly events: EventType[]
  readonly code: string
}

/** A type that is missing here does not compile. */
const eventTypes = Object.keys({
  'user.created': true,
  'user.updated': true,
  'user.disabled': true,
  'user.enabled': true,
  'user.deleted': true,
  'user.merged': true,
  'user.unmerged': true,
  'identity.bound': true,
  'identity.unbound': true,
  'session.ended': true,
} satisfies Record<EventType, true>) as EventType[]

/** The fields of the dialogs that create and edit: address and events. */
export function WebhookFields(): ReactNode {
  const text = useText(webhooksText)
  return (
    <>
      <Form.Item
        name="url"
        label={text.url}
        rules={[
          { pattern: /^https?:\/\/[^\s/]/i, message: text.urlNeeded },
          zodRule(({ createWebhookInput }) => createWebhookInput.shape.url, text.urlNeeded),
        ]}
      >
        <Input type="url" inputMode="url" autoComplete="off" spellCheck={false} autoFocus />
      </Form.Item>
      <Form.Item
        name="events"
        label={text.events}
        // No `required`: it would put aria-required on a group, which ARIA does not allow.
        rules={[
          zodRule(({ createWebhookInput }) => createWebhookInput.shape.events, text.eventsNeeded),
        ]}
      >
        <Checkbox.Group options={eventTypes} />
      </Form.Item>
    </>
  )
}
