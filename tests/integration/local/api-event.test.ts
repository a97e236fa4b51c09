/** Golden events: what API Gateway's HTTP API hands to a Lambda, field by field. */
import { expect, test } from 'vitest';
import {
  type ApiRequest,
  fromApiResult,
  gatewayError,
  toApiEvent,
} from '../../../infra/local/api-event.ts';

const now = new Date('2020-03-12T19:03:58.390Z');

function event(request: Partial<ApiRequest>) {
  const plain = { method: 'GET', url: '/', headers: {}, body: Buffer.alloc(0) };
  return toApiEvent({ ...plain, now, requestId: 'JKJaXmPLvHcESHA=', ...request });
}

test('a request with everything becomes the event of the AWS documentation', () => {
  expect(
    event({
      method: 'POST',
      url: '/my/path?parameter1=value1&parameter1=value2&parameter2=value',
      headers: {
        Header1: ['value1'],
        HEADER2: ['value1', 'value2'],
        cookie: ['cookie1=a; cookie2=b'],
        host: ['localhost:8080'],
        connection: ['keep-alive'],
        'user-agent': ['agent'],
        'content-type': ['text/plain'],
      },
      body: Buffer.from('Hello from Lambda'),
      pathParameters: { parameter1: 'value1' },
      authorizer: { jwt: { claims: { claim1: 'value1' }, scopes: ['scope1'] } },
    }),
  ).toEqual({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/my/path',
    rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=value',
    cookies: ['cookie1=a', 'cookie2=b'],
    headers: {
      header1: 'value1',
      header2: 'value1,value2',
      host: 'localhost:8080',
      'user-agent': 'agent',
      'content-type': 'text/plain',
      'content-length': '17',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-5e6a879e-[0-9a-f]{24}$/),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': '8080',
      'x-forwarded-proto': 'http',
    },
    queryStringParameters: { parameter1: 'value1,value2', parameter2: 'value' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'local',
      authorizer: {
        principalId: '',
        integrationLatency: 0,
        jwt: { claims: { claim1: 'value1' }, scopes: ['scope1'] },
      },
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: {
        method: 'POST',
        path: '/my/path',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'agent',
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
      time: '12/Mar/2020:19:03:58 +0000',
      timeEpoch: 1584039838390,
    },
    pathParameters: { parameter1: 'value1' },
    body: 'Hello from Lambda',
    isBase64Encoded: false,
  });
});

test('a bare request has no body, cookies or query fields at all', () => {
  const bare = event({});
  for (const field of ['body', 'cookies', 'queryStringParameters', 'pathParameters']) {
    expect(bare).not.toHaveProperty(field);
  }
  expect(bare.isBase64Encoded).toBe(false);
  expect(bare.requestContext).not.toHaveProperty('authorizer');
});

test('the path arrives decoded and the raw query string does not', () => {
  const decoded = event({ url: '/bookings/%E3%81%B2%2F1?name=%E3%81%B2+a%20b&empty=&flag' });
  expect(decoded.rawPath).toBe('/bookings/ひ/1');
  expect(decoded.requestContext.http.path).toBe('/bookings/ひ/1');
  expect(decoded.rawQueryString).toBe('name=%E3%81%B2+a%20b&empty=&flag');
  expect(decoded.queryStringParameters).toEqual({ name: 'ひ a b', empty: '', flag: '' });
});

test('an encoded question mark ends the path, as the gateway has it', () => {
  expect(event({ url: '/a%3Fb=1' })).toMatchObject({ rawPath: '/a', rawQueryString: '' });
});

test('a path that is not valid percent-encoding is refused', () => {
  expect(() => event({ url: '/%E3%81' })).toThrow(URIError);
});

test('a query parameter named __proto__ is only a name', () => {
  const parameters = event({ url: '/?__proto__=x' }).queryStringParameters ?? {};
  expect(Object.keys(parameters)).toEqual(['__proto__']);
});

test.each([
  ['application/json', false],
  ['application/json; charset=utf-8', false],
  ['text/csv', false],
  ['application/xml', false],
  ['application/javascript', false],
  ['application/x-www-form-urlencoded', true],
  ['multipart/form-data; boundary=x', true],
  ['application/problem+json', true],
  ['application/octet-stream', true],
  [undefined, true],
])('a body of type %s is base64-encoded: %s', (type, encoded) => {
  const body = Buffer.from('氏名=ひだまり');
  const made = event({ method: 'POST', body, headers: type ? { 'content-type': [type] } : {} });
  expect(made.isBase64Encoded).toBe(encoded);
  expect(Buffer.from(made.body ?? '', encoded ? 'base64' : 'utf8')).toEqual(body);
});

test('a full result becomes status, lower-cased headers, one set-cookie for each cookie, bytes', () => {
  expect(
    fromApiResult({
      statusCode: 303,
      headers: { Location: '/x', 'X-Count': 2, 'x-none': undefined },
      cookies: ['a=1', 'b=2'],
      body: Buffer.from('ひ').toString('base64'),
      isBase64Encoded: true,
    }),
  ).toEqual({
    status: 303,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      location: '/x',
      'x-count': '2',
      'set-cookie': ['a=1', 'b=2'],
    },
    body: Buffer.from('ひ'),
  });
});

test('a result without a status code is JSON with 200', () => {
  expect(fromApiResult({ message: 'ok' })).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"message":"ok"}'),
  });
  expect(fromApiResult('hello').body.toString()).toBe('hello');
  expect(fromApiResult(undefined).body.toString()).toBe('null');
});

test.each([{ statusCode: 'x' }, { statusCode: 200, body: { a: 1 } }, { statusCode: 99 }])(
  'a result that the gateway cannot use becomes its 500: %j',
  (result) => {
    expect(fromApiResult(result)).toEqual(gatewayError(500));
  },
);
