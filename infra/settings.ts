/** What a deployment may decide, read once from the CDK context (`-c name=value`, or cdk.json). */
import type { App } from 'aws-cdk-lib';
import * as z from 'zod';
import { isKeyReady } from '../functions/letters/rules.ts';
import type { LetterSettings } from '../functions/letters/settings-model.ts';
import { checkMailDomain } from './mail-domain.ts';

/** Part of the names of tables and stacks, so short and plain. */
const Name = z.string().regex(/^[a-z][a-z0-9]{1,15}$/);

const Context = z.object({
  /** Which centre; one account may hold several. */
  centre: Name.default('demo'),
  /** Which life of it: trial, production … */
  stage: Name.default('trial'),
  region: z.string().default('ap-northeast-1'),
  /** Host name of the public site. Without it CloudFront's own name serves, given as `siteOrigin`. */
  domain: z.hostname().optional(),
  /** Of a certificate for `domain`; CloudFront reads certificates of us-east-1 only. */
  certificateArn: z.string().startsWith('arn:aws:acm:us-east-1:').optional(),
  siteOrigin: z
    .string()
    .regex(/^https:\/\/[^/\s]+$/)
    .optional(),
  /** Address that mails come from, of the domain that /mail-help/ names; SES is asked to prove that domain. */
  mailFrom: z.email().optional(),
  /** Address of the one mail to who wrote a letter, of a domain that names nothing and that SES knows already. */
  noticeFrom: z.email().optional(),
  /** Address that alarms go to. */
  alarmEmail: z.email().optional(),
  /** First part of the log-in page's host name, unique in a region. */
  loginPrefix: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/)
    .optional(),
});

export interface Settings {
  readonly region: string;
  /** `hidamari-<centre>-<stage>-`, in front of every name that we choose. */
  readonly prefix: string;
  readonly host: { readonly domain: string; readonly certificateArn: string } | undefined;
  /** Scheme and host that people type. */
  readonly siteOrigin: string;
  readonly mailFrom: string;
  readonly noticeFrom: string | undefined;
  readonly alarmEmail: string | undefined;
  readonly loginPrefix: string | undefined;
  /** Sentences about what must still be decided before anybody can use the deployment. */
  readonly undecided: readonly string[];
}

/**
 * @param siteDist the folder that Astro built
 * @param letters what the Lambdas will be bundled with
 * @throws a sentence that names the values which are wrong
 */
export function readSettings(
  app: App,
  siteDist: string,
  letters: Pick<LetterSettings, 'pinned'>,
): Settings {
  const given = Object.fromEntries(
    Object.keys(Context.shape).map((name) => [name, app.node.tryGetContext(name)]),
  );
  const parsed = Context.safeParse(given);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw new Error(`Malformed context: ${names.join(', ')}`);
  }
  const { centre, stage, region, domain, certificateArn, alarmEmail, loginPrefix, noticeFrom } =
    parsed.data;
  if ((domain === undefined) !== (certificateArn === undefined)) {
    throw new Error('Malformed context: domain and certificateArn go together');
  }
  const origin = domain === undefined ? parsed.data.siteOrigin : `https://${domain}`;
  const { mailFrom } = parsed.data;
  if (mailFrom !== undefined) checkMailDomain(mailFrom, siteDist);
  return {
    region,
    prefix: `hidamari-${centre}-${stage}-`,
    host:
      domain === undefined || certificateArn === undefined ? undefined : { domain, certificateArn },
    // Reserved names, which nobody can own: a deployment without a decision serves and mails nobody.
    siteOrigin: origin ?? 'https://hidamari.example',
    mailFrom: mailFrom ?? 'hidamari@hidamari.example',
    noticeFrom,
    alarmEmail,
    loginPrefix,
    undecided: [
      ...(origin === undefined
        ? [
            'Neither domain nor siteOrigin is set: forms and log-ins of this deployment are refused.',
          ]
        : []),
      ...(mailFrom === undefined ? ['mailFrom is not set: no mail leaves this deployment.'] : []),
      ...(isKeyReady(letters, 'cloud')
        ? []
        : [
            letters.pinned
              ? 'functions/letters/settings.ts pins the key of the demonstration, which everybody has: letters and changes of keys are refused.'
              : 'functions/letters/settings.ts pins no key of the centre yet: letters are refused.',
          ]),
      ...(alarmEmail === undefined ? ['alarmEmail is not set: alarms reach nobody.'] : []),
    ],
  };
}
