// The address of server/index.ts. On a phone: your https domain, in the list of request domains.
export const host = 'http://127.0.0.1:3000'
