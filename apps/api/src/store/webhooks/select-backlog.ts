import { maxCounted } from '@mianmi/core'

/** The `WebhookBacklog`, in both dialects. */
export const selectBacklog = `select count(*) filter (where at > 0) as waiting,
    count(*) filter (where at <= 0) as unreadable
  from (select at from webhook_outbox order by id limit ${maxCounted}) o`
