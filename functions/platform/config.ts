/** The environment of a Lambda or of the one-machine runner, parsed once. */
import * as z from 'zod';

const Url = z.string().regex(/^https?:\/\/\S+$/);
const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/** Every variable that the code reads. CDK sets them from the same list. */
export const Environment = z.object({
  STAGE: z.enum(['local', 'cloud']),
  AWS_REGION: z.string().default('ap-northeast-1'),
  TABLE_PREFIX: z.string().default('hidamari-'),
  DYNAMODB_ENDPOINT: optional(Url),
  SES_ENDPOINT: optional(Url),
  MAIL_FROM: z.string(),
  NOTICE_FROM: optional(z.string()),
  SITE_ORIGIN: Url,
  SITE_BUCKET: optional(z.string()),
  SITE_FOLDER: optional(z.string()),
  LETTERS_BUCKET: optional(z.string()),
  LETTERS_FOLDER: optional(z.string()),
  TEMPLATES_FOLDER: z.string(),
  FORM_KEY: z.string().min(32),
  OIDC_ISSUER: Url,
  OIDC_CLIENT_ID: z.string(),
  OIDC_JWKS_URI: optional(Url),
});

export interface Config {
  readonly stage: 'local' | 'cloud';
  readonly region: string;
  readonly tablePrefix: string;
  readonly dynamodbEndpoint: string | undefined;
  readonly sesEndpoint: string | undefined;
  /** Address that mails come from. */
  readonly mailFrom: string;
  /** Address of the one mail to who wrote a letter; names nothing. Absent: it is not offered. */
  readonly noticeFrom: string | undefined;
  /** Scheme, host and port of the public site, without a slash at the end. */
  readonly siteOrigin: string;
  readonly siteBucket: string | undefined;
  readonly siteFolder: string | undefined;
  /** Where sealed pictures are kept: the one or the other. */
  readonly lettersBucket: string | undefined;
  readonly lettersFolder: string | undefined;
  /** Folder with the pages that Astro built for the Lambdas to fill. */
  readonly templatesFolder: string;
  /** Secret for keyed hashes, so that a stored hash of a telephone number tells nothing. */
  readonly formKey: string;
  readonly oidc: {
    readonly issuer: string;
    readonly clientId: string;
    readonly jwksUri: string;
  };
}

/**
 * Client settings for an endpoint of our own choosing. Engines and mail catchers on one machine
 * check no signature, but the SDK signs; AWS itself is given the credentials of the machine.
 */
export function endpointSettings(endpoint: string | undefined) {
  if (endpoint === undefined) return {};
  if (/\.amazonaws\.com$/.test(new URL(endpoint).hostname)) return { endpoint };
  return { endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

/** @throws a sentence that names the variables that are wrong, never their values. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))];
    throw new Error(`Missing or malformed environment variables: ${names.join(', ')}`);
  }
  const value = parsed.data;
  return {
    stage: value.STAGE,
    region: value.AWS_REGION,
    tablePrefix: value.TABLE_PREFIX,
    dynamodbEndpoint: value.DYNAMODB_ENDPOINT,
    sesEndpoint: value.SES_ENDPOINT,
    mailFrom: value.MAIL_FROM,
    noticeFrom: value.NOTICE_FROM,
    siteOrigin: value.SITE_ORIGIN,
    siteBucket: value.SITE_BUCKET,
    siteFolder: value.SITE_FOLDER,
    lettersBucket: value.LETTERS_BUCKET,
    lettersFolder: value.LETTERS_FOLDER,
    templatesFolder: value.TEMPLATES_FOLDER,
    formKey: value.FORM_KEY,
    oidc: {
      issuer: value.OIDC_ISSUER,
      clientId: value.OIDC_CLIENT_ID,
      jwksUri: value.OIDC_JWKS_URI ?? `${value.OIDC_ISSUER}/.well-known/jwks.json`,
    },
  };
}
