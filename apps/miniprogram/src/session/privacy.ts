import { createPrivacyBroker } from '@mianmi/wx-session/privacy'

/** The one broker of the app. Calls that need no consent, such as wx.login, do not wait for it. */
export const privacy = createPrivacyBroker({ wx })
