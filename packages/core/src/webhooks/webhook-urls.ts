/**
 * `invalid`: not http or https, with credentials, or no address at all. `forbidden_address`: it leads into a private
 * network that the service may not call. `unresolvable`: its name has no address now.
 */
export type WebhookUrlFinding = 'ok' | 'invalid' | 'forbidden_address' | 'unresolvable'

/** Says whether the service may call an address. It is asked again with every call, because names change their addresses. */
export interface WebhookUrls {
  check(url: string): Promise<WebhookUrlFinding>
}
