/** A webhook, a user, and a delivery that waits, as versions before the outbox wrote them, in both dialects. */
export const waitingDelivery = `
  insert into webhooks (id, url, events, sealed_secret, created_at)
    values ('w', 'https://receiver.example/', 'user.created user.updated', 'sealed', 1);
  insert into users (id, role, created_at) values ('u', 'user', 1);
  insert into webhook_deliveries
      (event_id, webhook_id, type, person_id, user_id, occurred_at, body, due_at, pending_since)
    values ('evt_1', 'w', 'user.created', 'u', 'u', 1, '{}', 1, 1);`
