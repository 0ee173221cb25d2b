// The address of server/index.mjs. On a phone: your https domain, in the list of request domains.
module.exports = { host: 'http://127.0.0.1:3000' }
