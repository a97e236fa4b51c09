/** What people reach: strict headers on every path, nothing kept of who reads, nothing cached wrongly. */
import { beforeAll, describe, expect, test } from 'vitest';
import { headersFor } from '../../infra/headers.ts';
import { type Cloud, DECIDED, makeCloud, type Resource } from './support/cloud.ts';

let cloud: Cloud;
beforeAll(() => {
  cloud = makeCloud();
});

interface Behavior {
  readonly PathPattern?: string;
  readonly AllowedMethods: string[];
  readonly CachePolicyId: { Ref: string };
  readonly OriginRequestPolicyId: { Ref: string };
  readonly ResponseHeadersPolicyId: { Ref: string };
  readonly TargetOriginId: string;
  readonly ViewerProtocolPolicy: string;
  readonly FunctionAssociations?: unknown[];
}

const distribution = () => {
  const [only, ...others] = cloud.all('AWS::CloudFront::Distribution');
  expect(others).toEqual([]);
  return (only as [string, Resource])[1].Properties['DistributionConfig'];
};
const behaviors = (): Behavior[] => {
  const { CacheBehaviors, DefaultCacheBehavior } = distribution();
  return [...CacheBehaviors, { ...DefaultCacheBehavior, PathPattern: '*' }];
};
/** CloudFront's own reading of patterns: `*` is any text, `?` one character; the first that fits. */
const behaviorOf = (path: string): Behavior => {
  const fits = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    ).test(path);
  return behaviors().find(({ PathPattern = '*' }) => fits(PathPattern)) as Behavior;
};
const resource = (type: string, { Ref }: { Ref: string }) =>
  (cloud.site.findResources(type)[Ref] as Resource).Properties;
const originsOf = (path: string): string[] => {
  const { Origins, OriginGroups } = distribution();
  const id = behaviorOf(path).TargetOriginId;
  const group = OriginGroups.Items.find((each: { Id: string }) => each.Id === id);
  const ids = group
    ? group.Members.Items.map(({ OriginId }: { OriginId: string }) => OriginId)
    : [id];
  return ids.map((each: string) => {
    const origin = Origins.find(({ Id }: { Id: string }) => Id === each);
    return origin.S3OriginConfig ? 'bucket' : 'api';
  });
};
const cacheOf = (path: string) =>
  resource('AWS::CloudFront::CachePolicy', behaviorOf(path).CachePolicyId)['CachePolicyConfig'];
const forwardedOf = (path: string) =>
  resource('AWS::CloudFront::OriginRequestPolicy', behaviorOf(path).OriginRequestPolicyId)[
    'OriginRequestPolicyConfig'
  ];
const headersOf = (path: string) =>
  resource('AWS::CloudFront::ResponseHeadersPolicy', behaviorOf(path).ResponseHeadersPolicyId)[
    'ResponseHeadersPolicyConfig'
  ];

const PAGES = [
  '/',
  '/courses/',
  '/courses/crs_a/',
  '/bookings/',
  '/bookings',
  '/about/',
  '/staff/',
  '/teens/',
  '/teens',
  '/letters/',
];
const DYNAMIC = [
  '/api/registrations',
  '/api/staff/courses',
  '/bookings/123456789-abc',
  '/bookings/123456789-abc/cancel',
];
const FILES = ['/courses/status.json', '/api/openapi.json', '/desk-config.json', '/_astro/a.css'];

describe('routing', () => {
  test.each([...PAGES, ...FILES])(
    '%s is a file; what is not there is answered by the API',
    (path) => {
      expect(originsOf(path)).toEqual(['bucket', 'api']);
      expect(behaviorOf(path).AllowedMethods).toEqual(['GET', 'HEAD']);
    },
  );

  test.each(DYNAMIC)('%s is answered by a Lambda', (path) => {
    expect(originsOf(path)).toEqual(['api']);
    expect(behaviorOf(path).AllowedMethods).toEqual(expect.arrayContaining(['POST', 'PATCH']));
    expect(behaviorOf(path).FunctionAssociations).toBeUndefined();
  });

  test.each(PAGES)('%s passes the function that shows a folder', (path) => {
    expect(behaviorOf(path).FunctionAssociations).toHaveLength(1);
  });

  test('a missing file is looked for at the API, and no error page hides what the API says', () => {
    const { OriginGroups, CustomErrorResponses } = distribution();
    expect(OriginGroups.Items[0].FailoverCriteria.StatusCodes.Items).toEqual([403, 404]);
    for (const response of CustomErrorResponses) {
      expect(response.ResponsePagePath).toBeUndefined();
      expect(response.ErrorCachingMinTTL).toBe(0);
    }
  });
});

describe('headers', () => {
  test.each([...PAGES, ...DYNAMIC, ...FILES])('%s has those of headers.ts', (path) => {
    const loginOrigin = 'LOGIN';
    const expected = headersFor(path, 'cloud', loginOrigin);
    const { SecurityHeadersConfig: security, CustomHeadersConfig } = headersOf(path);
    const csp = security.ContentSecurityPolicy;
    expect(csp.Override).toBe(true);
    expect(textOf(csp.ContentSecurityPolicy)).toBe(expected['content-security-policy']);
    expect(security.ReferrerPolicy.ReferrerPolicy).toBe(expected['referrer-policy']);
    expect(security.ContentTypeOptions.Override).toBe(true);
    const custom = Object.fromEntries(
      CustomHeadersConfig.Items.map((item: { Header: string; Value: string }) => [
        item.Header,
        item.Value,
      ]),
    );
    for (const name of ['cross-origin-opener-policy', 'permissions-policy', 'cache-control']) {
      expect(custom[name], name).toBe(expected[name]);
    }
  });

  /** The log-in page's origin, which only a deployment knows, as LOGIN. */
  const textOf = (value: string | { 'Fn::Join': [string, unknown[]] }): string =>
    typeof value === 'string'
      ? value
      : value['Fn::Join'][1]
          .map((part) => (typeof part === 'string' ? part : '<domain>'))
          .join('')
          .replace('https://<domain>.auth.ap-northeast-1.amazoncognito.com', 'LOGIN');

  test.each([...PAGES, ...DYNAMIC])('%s: no inline script, HSTS of two years, COOP', (path) => {
    const { SecurityHeadersConfig, CustomHeadersConfig } = headersOf(path);
    const text = JSON.stringify(SecurityHeadersConfig.ContentSecurityPolicy);
    expect(text).toContain("script-src 'self'; style-src 'self'");
    expect(text).not.toMatch(/unsafe-|\*/);
    expect(SecurityHeadersConfig.StrictTransportSecurity).toEqual({
      AccessControlMaxAgeSec: 63_072_000,
      IncludeSubdomains: true,
      Override: true,
    });
    expect(CustomHeadersConfig.Items).toContainEqual({
      Header: 'cross-origin-opener-policy',
      Value: 'same-origin',
      Override: true,
    });
  });

  test('of the pages of letters nothing is kept, whatever the file says of itself', () => {
    for (const path of ['/teens/', '/letters/']) {
      const { SecurityHeadersConfig, CustomHeadersConfig } = headersOf(path);
      expect(SecurityHeadersConfig.ReferrerPolicy).toEqual({
        ReferrerPolicy: 'no-referrer',
        Override: true,
      });
      expect(CustomHeadersConfig.Items).toContainEqual({
        Header: 'cache-control',
        Value: 'no-store',
        Override: true,
      });
    }
    // The negative control: a page that may be kept.
    const { CustomHeadersConfig } = headersOf('/hiroba/');
    expect(JSON.stringify(CustomHeadersConfig)).not.toContain('cache-control');
  });

  test('where letters are written or opened, no text becomes a script', () => {
    const required = "require-trusted-types-for 'script'; trusted-types default";
    const asking = PAGES.filter((path) => JSON.stringify(headersOf(path)).includes(required));
    expect(asking).toEqual(['/staff/', '/teens/', '/teens', '/letters/']);
  });

  test('only the desk may talk to the log-in page', () => {
    const talks = [...PAGES, ...DYNAMIC].filter((path) =>
      JSON.stringify(headersOf(path)).includes('amazoncognito'),
    );
    expect(talks).toEqual(['/staff/']);
  });
});

describe('caching', () => {
  test('what Lambdas say is never remembered', () => {
    for (const path of DYNAMIC) {
      expect(cacheOf(path)).toMatchObject({ MinTTL: 0, DefaultTTL: 0, MaxTTL: 1 });
    }
  });

  test('seats left are remembered for seconds', () => {
    const { MinTTL, DefaultTTL, MaxTTL } = cacheOf('/courses/status.json');
    expect(MinTTL).toBeGreaterThan(0);
    expect(DefaultTTL).toBeLessThanOrEqual(MaxTTL);
    expect(MaxTTL).toBeLessThanOrEqual(5);
  });

  test('scripts and styles are remembered for ever; nothing is ever pruned', () => {
    const deployments = cloud.all('Custom::CDKBucketDeployment').map(([, each]) => each.Properties);
    expect(deployments).toHaveLength(2);
    for (const { Prune } of deployments) expect(Prune).toBe(false);
    const hashed = deployments.find((each) => each['DestinationBucketKeyPrefix'] === '_astro');
    expect(hashed?.['SystemMetadata']['cache-control']).toBe('public, max-age=31536000, immutable');
  });
});

describe('who reads', () => {
  test('reaches neither the API nor a log', () => {
    expect(distribution().Logging).toBeUndefined();
    expect(cloud.all('AWS::WAFv2::WebACL')).toEqual([]);
    expect(cloud.all('AWS::CloudFront::RealtimeLogConfig')).toEqual([]);
    for (const path of [...DYNAMIC, ...PAGES]) {
      const { HeadersConfig, CookiesConfig } = forwardedOf(path);
      expect(CookiesConfig.CookieBehavior).toBe('none');
      expect(HeadersConfig.HeaderBehavior).toBe('whitelist');
      expect(HeadersConfig.Headers.join()).not.toMatch(
        /agent|referer|cookie|forwarded|cloudfront/i,
      );
    }
  });

  test('is served over TLS 1.2 at least, IPv6 and HTTP/3 included', () => {
    expect(distribution()).toMatchObject({
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
      Aliases: [DECIDED.domain],
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
    for (const { ViewerProtocolPolicy } of behaviors()) {
      expect(ViewerProtocolPolicy).toBe('redirect-to-https');
    }
  });

  test('reads the bucket through CloudFront alone', () => {
    const { Origins } = distribution();
    for (const origin of Origins) {
      if (!origin.S3OriginConfig) {
        expect(origin.CustomOriginConfig.OriginProtocolPolicy).toBe('https-only');
        continue;
      }
      expect(origin.OriginAccessControlId).toBeDefined();
      expect(origin.S3OriginConfig.OriginAccessIdentity).toBe('');
    }
  });
});
