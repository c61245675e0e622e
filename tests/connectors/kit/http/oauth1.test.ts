import assert from 'node:assert/strict'
import { buildBaseString, signBase, signOAuth1 } from '../../../../connectors/kit/http/oauth1.ts'

describe('a signature of OAuth 1.0a', () => {
  it('is that of the example in RFC 5849, 1.2', () => {
    const url = new URL('http://photos.example.net/photos?file=vacation.jpg&size=original')
    const base = buildBaseString('GET', url, [
      ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
      ['oauth_token', 'nnch734d00sl2jdk'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131202'],
      ['oauth_nonce', 'chapoH'],
    ])
    assert.equal(signBase(base, 'HMAC-SHA1', 'kd94hf93k423kf44', 'pfkkdhi9sl3r4s00'), 'MdpQcU8iPSUjWoN/UDMsK2sui9I=')
  })

  it('is made of the parameters as RFC 5849, 3.4.1.3 orders and encodes them', () => {
    const url = new URL('http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b')
    const base = buildBaseString('post', url, [
      ['oauth_consumer_key', '9djdj82h48djs9d2'],
      ['oauth_token', 'kkk9d7dh3k39sjv7'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131201'],
      ['oauth_nonce', '7d8f3e4a'],
      ['c2', ''],
      ['a3', '2 q'],
    ])
    assert.equal(
      base,
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26' +
        'oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26' +
        'oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    )
  })

  it('has what it was made of in the header, and signs the quotes of a filter as they are sent', () => {
    const keys = { key: 'k', secret: 's', signature: 'HMAC-SHA256' } as const
    const url = new URL("https://or.example.org/users?filter=status%3D'active'")
    const header = signOAuth1({ method: 'GET', url }, keys, { nonce: 'n', seconds: 1 })
    assert.match(header, /^OAuth oauth_consumer_key="k", oauth_nonce="n", .*oauth_signature="[\w%]+"$/)
    assert.match(buildBaseString('GET', url, []), /filter%3Dstatus%253D%2527active%2527/)
  })
})
