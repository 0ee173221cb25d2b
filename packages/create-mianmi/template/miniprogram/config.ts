/** Replaced when the mini program is built: see scripts/build-miniprogram.ts. */
declare const SIGN_IN_URL: string
declare const API_URL: string

export const appId = '%appid%'
/** Where mianmi answers. On a phone: your https domain, in the list of request domains (服务器域名). */
export const signInUrl: string = SIGN_IN_URL
/** Where service/ answers. */
export const apiUrl: string = API_URL
