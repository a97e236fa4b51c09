/**
 * What people reach: CloudFront in front of the bucket (built and published pages) and of the HTTP
 * API, with the security headers of headers.ts, and the built site put into the bucket.
 */
import { join } from 'node:path';
import { CfnOutput, Duration, IgnoreMode, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  Function as EdgeFunction,
  type ErrorResponse,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  type HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, OriginGroup, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { DataStack } from './data-stack.ts';
import { handlerDecides, headersFor, letterPath } from './headers.ts';
import type { ServiceStack } from './service-stack.ts';
import type { Settings } from './settings.ts';
import { deployFiles } from './site-files.ts';

export interface SiteStackProps extends StackProps {
  readonly data: DataStack;
  readonly service: ServiceStack;
  /** The folder that Astro built. */
  readonly siteDist: string;
}

/** What our code reads of a request (functions/platform/http.ts), besides `authorization`. */
const FORWARDED = ['accept', 'content-type', 'idempotency-key', 'origin', 'sec-fetch-site'];

/** What the worker publishes, what only Lambdas read, and what is deployed on its own. */
const NOT_DEPLOYED = ['/index.html', '/courses/', '/templates/', '/_astro/', '/.stamp'];

/** CloudFront would remember these for ten seconds; the next parent shall be asked anew. */
const NEVER_REMEMBERED: ErrorResponse[] = [
  400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504,
].map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) }));

export class SiteStack extends Stack {
  readonly #data: DataStack;
  readonly #settings: Settings;
  /** By its name only, so that this stack can be made anew without touching what must last. */
  readonly #bucket: IBucket;

  constructor(scope: Construct, id: string, settings: Settings, props: SiteStackProps) {
    const { data, service, siteDist, ...rest } = props;
    super(scope, id, rest);
    this.#data = data;
    this.#settings = settings;
    this.#bucket = Bucket.fromBucketName(this, 'Bucket', data.siteName);
    const distribution = this.addDistribution(service);
    this.deployPages(siteDist, service.key);
    new CfnOutput(this, 'SiteHost', { value: distribution.distributionDomainName });
  }

  private addDistribution(service: ServiceStack): Distribution {
    const { host } = this.#settings;
    const pages = this.pages(service);
    const dynamic = this.dynamic(service);
    const distribution = new Distribution(this, 'Site', {
      comment: `Hidamari ${this.#settings.prefix}site`,
      defaultBehavior: pages('/'),
      // The first that fits. `?` is one character: /bookings/ itself is a page of the build.
      additionalBehaviors: {
        '/courses/status.json': {
          ...pages('/'),
          cachePolicy: this.statusCache(),
          functionAssociations: [],
        },
        '/api/openapi.json': pages('/'),
        '/api/*': dynamic('/api/'),
        '/bookings/?*': dynamic('/bookings/secret'),
        '/staff/*': pages('/staff/'),
        // Without the last slash as well: the answer that leads on shall be as silent.
        '/teens*': pages('/teens/'),
        '/letters*': pages('/letters/'),
      },
      errorResponses: NEVER_REMEMBERED,
      httpVersion: HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      priceClass: PriceClass.PRICE_CLASS_200,
      enableLogging: false,
      ...(host && {
        domainNames: [host.domain],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', host.certificateArn),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
    acknowledge(
      distribution,
      'AwsSolutions-CFR1',
      'Families travel, and grandparents abroad look up courses: no country is shut out.',
    );
    acknowledge(
      distribution,
      'AwsSolutions-CFR2',
      'A WAF samples requests with addresses. Throttling, strict inputs and five tries an hour stand in its place.',
    );
    acknowledge(
      distribution,
      'AwsSolutions-CFR3',
      'Edge logs would hold addresses and booking links. The API logs by route key; CloudFront counts.',
    );
    acknowledge(
      distribution,
      '@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac',
      'The policy that lets CloudFront in is beside the bucket, in data-stack.ts.',
    );
    if (!host) {
      acknowledge(
        distribution,
        'AwsSolutions-CFR4',
        "Only while there is no domain of its own: CloudFront's own certificate sets the protocol.",
      );
    }
    return distribution;
  }

  /** Files: published ones and built ones. What is not there is answered by the API, in our words. */
  private pages(service: ServiceStack): (path: string) => BehaviorOptions {
    const shared = {
      origin: new OriginGroup({
        primaryOrigin: S3BucketOrigin.withOriginAccessControl(this.#bucket),
        fallbackOrigin: this.apiOrigin(service),
        fallbackStatusCodes: [403, 404],
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      compress: true,
      cachePolicy: new CachePolicy(this, 'PageCache', {
        comment: 'As long as each file says',
        minTtl: Duration.seconds(0),
        defaultTtl: Duration.seconds(5),
        maxTtl: Duration.days(365),
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
      }),
      originRequestPolicy: new OriginRequestPolicy(this, 'PageRequest', {
        comment: 'Whether a page is wanted, for the answer that there is none',
        headerBehavior: OriginRequestHeaderBehavior.allowList('accept'),
      }),
      functionAssociations: [
        {
          eventType: FunctionEventType.VIEWER_REQUEST,
          function: new EdgeFunction(this, 'FolderIndex', {
            comment: 'A folder shows its index.html',
            runtime: FunctionRuntime.JS_2_0,
            code: FunctionCode.fromFile({
              filePath: join(import.meta.dirname, 'folder-index.js'),
            }),
          }),
        },
      ],
    };
    return (path) => ({ ...shared, responseHeadersPolicy: this.headers(path) });
  }

  /** Ten thousand parents at nine o'clock are one request every two seconds. */
  private statusCache(): CachePolicy {
    return new CachePolicy(this, 'StatusCache', {
      comment: 'Seats left: true within seconds',
      minTtl: Duration.seconds(1),
      defaultTtl: Duration.seconds(2),
      maxTtl: Duration.seconds(5),
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    });
  }

  /** Lambdas: nothing is remembered, and only what our code reads goes through. */
  private dynamic(service: ServiceStack): (path: string) => BehaviorOptions {
    const shared = {
      origin: this.apiOrigin(service),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      compress: true,
      // Every answer says no-store. The token goes through only as a part of the cache's key, for
      // which CloudFront wants a time above zero.
      cachePolicy: new CachePolicy(this, 'NoCache', {
        comment: 'Nothing is remembered',
        minTtl: Duration.seconds(0),
        defaultTtl: Duration.seconds(0),
        maxTtl: Duration.seconds(1),
        headerBehavior: CacheHeaderBehavior.allowList('authorization'),
        queryStringBehavior: CacheQueryStringBehavior.all(),
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
      }),
      originRequestPolicy: new OriginRequestPolicy(this, 'ApiRequest', {
        comment: 'What our code reads, and nothing that tells who asks',
        headerBehavior: OriginRequestHeaderBehavior.allowList(...FORWARDED),
      }),
    };
    return (path) => ({ ...shared, responseHeadersPolicy: this.headers(path) });
  }

  private apiOrigin({ api, region }: ServiceStack): HttpOrigin {
    return new HttpOrigin(`${api.apiId}.execute-api.${region}.amazonaws.com`, {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      readTimeout: Duration.seconds(30),
    });
  }

  /** One policy for all paths with the same headers. */
  private headers(path: string): ResponseHeadersPolicy {
    const headers = headersFor(path, 'cloud', this.#data.loginOrigin);
    // The bucket lets its files be kept; of letters, no copy is.
    const decided = letterPath.test(path) ? [] : handlerDecides;
    const id = `Headers-${path.split('/')[1] || 'site'}`;
    const known = this.node.tryFindChild(id);
    if (known) return known as ResponseHeadersPolicy;
    const {
      'content-security-policy': contentSecurityPolicy = '',
      'strict-transport-security': transport = '',
      'referrer-policy': referrer = '',
      'x-content-type-options': _nosniff,
      ...others
    } = headers;
    return new ResponseHeadersPolicy(this, id, {
      comment: `Of ${path} (infra/headers.ts)`,
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy, override: true },
        contentTypeOptions: { override: true },
        referrerPolicy: {
          referrerPolicy: referrer as HeadersReferrerPolicy,
          override: !decided.includes('referrer-policy'),
        },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.seconds(Number(/max-age=(\d+)/.exec(transport)?.[1])),
          includeSubdomains: transport.includes('includeSubDomains'),
          override: true,
        },
      },
      customHeadersBehavior: {
        customHeaders: Object.entries(others).map(([header, value]) => ({
          header,
          value,
          override: !decided.includes(header),
        })),
      },
    });
  }

  /** Pages of the build. Scripts and styles are there already (service-stack.ts). */
  private deployPages(siteDist: string, key: IKey): void {
    const data = this.#data;
    deployFiles(this, data.siteName, key, {
      sources: [
        Source.asset(siteDist, { exclude: NOT_DEPLOYED, ignoreMode: IgnoreMode.GIT }),
        Source.jsonData('desk-config.json', {
          issuer: data.issuer,
          clientId: data.deskClient.userPoolClientId,
          loginBase: data.loginOrigin,
        }),
      ],
      cacheControl: [
        CacheControl.setPublic(),
        CacheControl.maxAge(Duration.seconds(0)),
        CacheControl.sMaxAge(Duration.minutes(1)),
        CacheControl.mustRevalidate(),
      ],
    });
  }
}
