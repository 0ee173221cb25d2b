import { createPrivacyBroker } from '@mianmi/wx-session/privacy'

/** Asks for consent when something needs it; what needs none, such as wx.login, never waits for it. */
export const privacy = createPrivacyBroker({ wx })
