/** What runs: least privilege, nothing about who asks, and an alarm for whoever is hurt. */
import { beforeAll, describe, expect, test } from 'vitest';
import { apis, endpoints } from '../../functions/api.ts';
import { Environment } from '../../functions/platform/config.ts';
import { LAMBDAS, type LambdaName } from '../../infra/grants.ts';
import { type Cloud, DECIDED, MAIL_DOMAIN, makeCloud, type Resource } from './support/cloud.ts';

let cloud: Cloud;
beforeAll(() => {
  cloud = makeCloud();
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const find = (type: string) =>
  Object.entries(cloud.service.findResources(type)) as [string, Resource][];
const idOf = (name: string) => name.replaceAll('-', '');
const lambdaOf = (name: LambdaName): [string, Resource] => {
  const found = find('AWS::Lambda::Function').find(([id]) => id.startsWith(`Lambda${idOf(name)}`));
  return found as [string, Resource];
};
const policiesOf = (roleId: string): Statement[] =>
  cloud
    .all('AWS::IAM::Policy')
    .filter(([, { Properties }]) => JSON.stringify(Properties['Roles']).includes(`"${roleId}`))
    .flatMap(([, { Properties }]) => Properties['PolicyDocument'].Statement);
const statementsOf = (name: LambdaName) => policiesOf(`Role${idOf(name)}`);
const actionsOn = (name: LambdaName, resource: RegExp): string[] =>
  statementsOf(name)
    .filter(({ Resource }) => resource.test(JSON.stringify(Resource)))
    .flatMap(({ Action }) => Action);

describe('privilege', () => {
  test('public-api cannot query or scan persons', () => {
    const actions = actionsOn('public-api', /Tablebookings/);
    expect(actions).toContain('dynamodb:GetItem');
    expect(actions.filter((action) => /Query|Scan|BatchGet|PartiQL/.test(action))).toEqual([]);
    expect(actionsOn('public-api', /index/)).toEqual([]);
  });

  test('bounces, whose notices name addresses, looks for nobody and changes no booking', () => {
    expect(actionsOn('bounces', /Tablebookings/).sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
    ]);
    expect(actionsOn('bounces', /index|Tableagenda|Tableaudit/)).toEqual([]);
  });

  test('staff-api finds families by number, telephone, reading and course, and by nothing else', () => {
    const onBookings = statementsOf('staff-api').filter(({ Resource }) =>
      /Tablebookings/.test(JSON.stringify(Resource)),
    );
    const indexes = [...JSON.stringify(onBookings).matchAll(/index\/(by\w+)/g)];
    expect([...new Set(indexes.map(([, name]) => name))].sort()).toEqual([
      'byCourse',
      'byKana',
      'byPhone',
    ]);
  });

  test('the audit is only ever added to, by the desk alone, and read', () => {
    expect([...actionsOn('staff-api', /Tableaudit/)].sort()).toEqual([
      'dynamodb:PutItem',
      'dynamodb:Query',
    ]);
    for (const name of LAMBDAS.filter((each) => each !== 'staff-api')) {
      expect(actionsOn(name, /Tableaudit/), name).toEqual([]);
    }
  });

  test('nobody may look through a whole table', () => {
    for (const name of LAMBDAS) {
      const actions = statementsOf(name).flatMap(({ Action }) => Action);
      expect(
        actions.filter((action) => /Scan|PartiQL|\*/.test(action)),
        name,
      ).toEqual([]);
    }
  });

  test('only worker and clock send mail, from our two addresses, and publish pages, in their places', () => {
    for (const name of LAMBDAS) {
      const may = name === 'worker' || name === 'clock';
      const mail = statementsOf(name).filter(({ Action }) => /ses:/.test(String(Action)));
      const pages = statementsOf(name).filter(
        ({ Action, Resource }) =>
          /s3:/.test(String(Action)) && !/letters-/.test(JSON.stringify(Resource)),
      );
      expect(mail, name).toHaveLength(may ? 1 : 0);
      expect(pages, name).toHaveLength(may ? 2 : 0);
      if (!may) continue;
      expect(mail[0]).toMatchObject({
        Action: 'ses:SendRawEmail',
        Condition: {
          StringEquals: { 'ses:FromAddress': [DECIDED.mailFrom, DECIDED.noticeFrom] },
        },
      });
      expect(JSON.stringify(mail[0]?.Resource)).not.toContain('*');
      const objects = JSON.stringify(pages.map(({ Resource }) => Resource)).match(/"\/[^"]+"/g);
      expect(objects).toEqual(['"/courses/*"', '"/index.html"']);
    }
  });

  test('sealed pictures are written by the two that carry letters, removed by the clock, listed by nobody', () => {
    const onPictures = (name: LambdaName) => actionsOn(name, /letters-.*\/\*/).sort();
    const both = ['s3:GetObject', 's3:PutObject'];
    expect(Object.fromEntries(LAMBDAS.map((name) => [name, onPictures(name)]))).toEqual({
      'public-api': [],
      'letters-api': both,
      'staff-api': both,
      worker: [],
      clock: ['s3:DeleteObject'],
      bounces: [],
    });
  });

  test('no Lambda of ours has an action with a wildcard, or a resource but the one with a reason', () => {
    for (const name of LAMBDAS) {
      for (const { Effect, Action, Resource } of statementsOf(name)) {
        expect(Effect).toBe('Allow');
        expect([Action].flat().join(), name).not.toContain('*');
        const open = JSON.stringify(Resource)
          .replace('"/courses/*"', '')
          .replace(/letters-.*?\/\*/, '');
        expect(open, name).not.toContain('*');
      }
    }
  });

  test('no role carries a managed policy', () => {
    for (const [id, { Properties }] of cloud.all('AWS::IAM::Role')) {
      expect(Properties['ManagedPolicyArns'], id).toBeUndefined();
    }
  });

  test('nobody may scan', () => {
    expect(JSON.stringify(cloud.service.toJSON())).not.toMatch(/dynamodb:(Scan|PartiQL|\*)/);
  });
});

describe('every Lambda', () => {
  test.each(LAMBDAS)('%s runs Node 24 on arm64, untraced, with a log group of its own', (name) => {
    const [, { Properties }] = lambdaOf(name);
    expect(Properties['Runtime']).toBe('nodejs24.x');
    expect(Properties['Architectures']).toEqual(['arm64']);
    expect(Properties['TracingConfig']).toBeUndefined();
    expect(Properties['KmsKeyArn']).toBeDefined();
    const group = Properties['LoggingConfig'].LogGroup.Ref;
    expect(group).toContain(`Logs${idOf(name)}`);
    expect(Object.keys(cloud.service.findResources('AWS::Logs::LogGroup'))).toContain(group);
  });

  test('none is there besides, but the one of the CDK that copies files', () => {
    const others = cloud
      .all('AWS::Lambda::Function')
      .filter(([id]) => !LAMBDAS.some((name) => id.startsWith(`Lambda${idOf(name)}`)));
    expect(others.every(([id]) => id.startsWith('CustomCDKBucketDeployment'))).toBe(true);
  });

  test.each(LAMBDAS)(
    '%s gets exactly the variables that the code declares for the cloud',
    (name) => {
      const [, { Properties }] = lambdaOf(name);
      const given = Object.keys(Properties['Environment'].Variables);
      const notGiven = [
        'AWS_REGION', // by Lambda itself
        'OIDC_JWKS_URI', // derived
        'DYNAMODB_ENDPOINT',
        'SES_ENDPOINT',
        'SITE_FOLDER',
        'LETTERS_FOLDER',
      ];
      expect([...given, ...notGiven].sort()).toEqual(Object.keys(Environment.shape).sort());
      const values = Object.fromEntries(given.map((key) => [key, 'https://example.jp'.repeat(4)]));
      expect(Environment.safeParse({ ...values, STAGE: 'cloud' }).success).toBe(true);
      expect(Properties['Environment'].Variables.STAGE).toBe('cloud');
      expect(JSON.stringify(Properties['Environment'].Variables.FORM_KEY)).toContain(
        '{{resolve:secretsmanager:',
      );
    },
  );

  test('waits for the scripts and styles that its pages name', () => {
    for (const name of LAMBDAS) {
      expect(
        lambdaOf(name)[1].DependsOn?.some((id) => id.startsWith('Files')),
        name,
      ).toBe(true);
    }
  });
});

test('every log group is encrypted and forgets', () => {
  const groups = cloud.all('AWS::Logs::LogGroup');
  expect(groups.length).toBeGreaterThan(LAMBDAS.length);
  for (const [id, { Properties }] of groups) {
    expect(Properties['RetentionInDays'], id).toBe(90);
    expect(Properties['KmsKeyId'], id).toBeDefined();
  }
});

describe('the API', () => {
  test('has one route for each endpoint, to the Lambda of its access, and one for nothing', () => {
    const targetOf = (route: Resource['Properties']): string => {
      const integration = route['Target']['Fn::Join'][1].find(
        (part: unknown) => typeof part === 'object',
      ).Ref;
      const { Properties } = cloud.service.findResources('AWS::ApiGatewayV2::Integration')[
        integration
      ] as Resource;
      expect(Properties['PayloadFormatVersion']).toBe('2.0');
      return Properties['IntegrationUri']['Fn::GetAtt'][0];
    };
    const routes = find('AWS::ApiGatewayV2::Route').map(
      ([, { Properties }]) => [Properties['RouteKey'], targetOf(Properties)] as const,
    );
    const expected = Object.entries(apis).flatMap(([name, each]) =>
      each.map(({ method, path }) => [`${method} ${path}`, lambdaOf(name as LambdaName)[0]]),
    );
    expect(Object.fromEntries(routes)).toEqual({
      ...Object.fromEntries(expected),
      $default: lambdaOf('public-api')[0],
    });
    expect(routes).toHaveLength(endpoints.length + 1);
  });

  test('logs by route key, and nothing that tells who asked or which booking', () => {
    const stages = find('AWS::ApiGatewayV2::Stage');
    expect(stages).toHaveLength(1);
    const { Properties } = (stages[0] as [string, Resource])[1];
    const format = String(Properties['AccessLogSettings'].Format);
    expect(format).toContain('$context.routeKey');
    const fields = format.match(/\$context\.[\w.]+/g);
    expect(fields).toEqual([
      '$context.requestTime',
      '$context.requestId',
      '$context.routeKey',
      '$context.status',
      '$context.responseLength',
      '$context.responseLatency',
      '$context.error.responseType',
    ]);
    expect(format).not.toMatch(/ip|agent|path|referer|cookie|query|authorizer|identity|domain/i);
  });

  test('is watched by nothing else that would write down who asked, in any stack', () => {
    // A firewall samples requests, a trail lists objects, tracing keeps addresses and agents.
    const types = ['data', 'service', 'site'].flatMap((name) =>
      Object.values(cloud[name as 'data'].toJSON()['Resources'] as Record<string, Resource>),
    );
    expect(types.length).toBeGreaterThan(100);
    const watching =
      /WAF|CloudTrail|XRay|RealtimeLogConfig|MonitoringSubscription|FlowLog|RUM|Synthetics/;
    expect(types.map(({ Type }) => Type).filter((type) => watching.test(type))).toEqual([]);
    for (const { Type, Properties = {} } of types) {
      if (Type === 'AWS::Lambda::Function') expect(Properties['TracingConfig']).toBeUndefined();
      if (Type === 'AWS::ApiGatewayV2::Stage') {
        // Of each request one line, by route key; no second log with all details.
        expect(Properties['DefaultRouteSettings']?.DataTraceEnabled ?? false).toBe(false);
        expect(Properties['RouteSettings']).toBeUndefined();
      }
      if (Type === 'AWS::CloudFront::Distribution') {
        expect(Properties['DistributionConfig'].Logging).toBeUndefined();
        expect(Properties['DistributionConfig'].WebACLId).toBeUndefined();
      }
    }
    expect(JSON.stringify(types)).not.toMatch(/\$context\.identity|sourceIp|userAgent|c-ip|cs\(/i);
  });

  test('nobody logs who fetched a sealed picture', () => {
    const buckets = cloud.all('AWS::S3::Bucket').filter(([id]) => /letters/i.test(id));
    expect(buckets.length).toBeGreaterThan(0);
    for (const [id, { Properties }] of buckets) {
      expect(Properties['LoggingConfiguration'], id).toBeUndefined();
      expect(Properties['NotificationConfiguration'], id).toBeUndefined();
    }
  });

  test('holds back a flood', () => {
    const [stage] = find('AWS::ApiGatewayV2::Stage').map(([, { Properties }]) => Properties);
    expect(stage?.['DefaultRouteSettings'].ThrottlingRateLimit).toBeGreaterThan(0);
    expect(stage?.['DefaultRouteSettings'].ThrottlingBurstLimit).toBeGreaterThan(0);
  });
});

describe('what must not be lost', () => {
  test('the consumer of each stream retries within bounds and keeps what it drops', () => {
    const mappings = cloud.all('AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(1);
    const { Properties } = (mappings[0] as [string, Resource])[1];
    expect(Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      ParallelizationFactor: 1,
      MaximumBatchingWindowInSeconds: 1,
      StartingPosition: 'TRIM_HORIZON',
    });
    expect(Properties['MaximumRetryAttempts']).toBeGreaterThan(0);
    // The stream itself forgets after a day.
    expect(Properties['MaximumRecordAgeInSeconds']).toBeLessThan(86_400);
    expect(queueIds()).toContain(
      Properties['DestinationConfig'].OnFailure.Destination['Fn::GetAtt'][0],
    );
  });

  test('the clock ticks every minute, and what it misses is kept', () => {
    const rules = cloud.all('AWS::Events::Rule');
    expect(rules).toHaveLength(1);
    const { Properties } = (rules[0] as [string, Resource])[1];
    expect(Properties['ScheduleExpression']).toBe('rate(1 minute)');
    expect(queueIds()).toContain(Properties['Targets'][0].DeadLetterConfig.Arn['Fn::GetAtt'][0]);
    const [invoke] = find('AWS::Lambda::EventInvokeConfig').map(([, each]) => each.Properties);
    expect(queueIds()).toContain(
      invoke?.['DestinationConfig'].OnFailure.Destination['Fn::GetAtt'][0],
    );
  });

  const queueIds = () => cloud.all('AWS::SQS::Queue').map(([id]) => id);

  test('every queue is encrypted', () => {
    for (const [id, { Properties }] of cloud.all('AWS::SQS::Queue')) {
      expect(Properties['SqsManagedSseEnabled'], id).toBe(true);
    }
  });
});

describe('alarms', () => {
  const alarms = () => cloud.all('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  const watches = (metric: string, dimension?: string) =>
    alarms().some(
      ({ MetricName, Dimensions = [] }) =>
        MetricName === metric &&
        (dimension === undefined ||
          Dimensions.some(({ Value }: { Value: unknown }) =>
            JSON.stringify(Value).includes(`"${dimension}"`),
          )),
    );

  test('say in Japanese who is hurt and what to do, to the topic of alarms', () => {
    expect(alarms().length).toBeGreaterThan(10);
    const topics = find('AWS::SNS::Topic').map(([id]) => id);
    for (const { AlarmDescription, AlarmActions } of alarms()) {
      expect(AlarmDescription).toMatch(/^困る人：.*[ぁ-ん].*。\nすること：.*[ぁ-ん].*。$/);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
      expect(topics).toContain(AlarmActions[0].Ref);
    }
  });

  test('ring for every queue', () => {
    const queues = cloud.all('AWS::SQS::Queue');
    expect(queues).toHaveLength(3);
    for (const [id] of queues) {
      expect(watches('ApproximateNumberOfMessagesVisible', `${id}","QueueName`), id).toBe(true);
    }
  });

  test.each(LAMBDAS)('ring when %s fails or is held back', (name) => {
    const [id] = lambdaOf(name);
    expect(watches('Errors', id)).toBe(true);
    expect(watches('Throttles', id)).toBe(true);
  });

  test('ring when the stream falls behind, the clock stands still, or the API fails', () => {
    expect(watches('IteratorAge', lambdaOf('worker')[0])).toBe(true);
    expect(watches('5xx')).toBe(true);
    const clock = alarms().find(({ MetricName }) => MetricName === 'Invocations');
    expect(clock).toMatchObject({
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanThreshold',
    });
  });

  test.each(['reaction_given_up', 'deadline_missed'])(
    'ring for %s, as the code counts it',
    (name) => {
      const alarm = alarms().find(({ MetricName }) => MetricName === name);
      expect(alarm).toMatchObject({ Namespace: 'Hidamari', Statistic: 'Sum' });
      expect(alarm?.['Dimensions']).toBeUndefined();
    },
  );

  test.each(['Bounce', 'Reject', 'Complaint'])(
    'ring for a mail of ours that SES counts as %s',
    (metric) => {
      const [set] = find('AWS::SES::ConfigurationSet').map(([id]) => id);
      const counted = find('AWS::SES::ConfigurationSetEventDestination')
        .map(([, { Properties }]) => Properties['EventDestination'])
        .find(({ CloudWatchDestination }) => CloudWatchDestination !== undefined);
      // The alarm counts under the very dimension that SES is told to count by.
      expect(counted.CloudWatchDestination.DimensionConfigurations).toEqual([
        {
          DimensionName: 'ses:configuration-set',
          DimensionValueSource: 'messageTag',
          DefaultDimensionValue: { Ref: set },
        },
      ]);
      expect(counted.MatchingEventTypes).toContain(metric.toLowerCase());
      const alarm = alarms().find(({ MetricName }) => MetricName === metric);
      expect(alarm).toMatchObject({
        Namespace: 'AWS/SES',
        Dimensions: [{ Name: 'ses:configuration-set', Value: { Ref: set } }],
        Statistic: 'Sum',
        Threshold: 0,
      });
      expect(alarm?.['AlarmDescription']).toMatch(
        /保護者[\s\S]*電話|保護者[\s\S]*届かなかったメール/,
      );
    },
  );

  test('ring before AWS stops the mails of the whole account', () => {
    const alarm = alarms().find(({ MetricName }) => MetricName === 'Reputation.BounceRate');
    expect(alarm).toMatchObject({ Namespace: 'AWS/SES', Threshold: 0.05 });
    expect(alarm?.['Dimensions']).toBeUndefined();
  });

  test('reach somebody, encrypted', () => {
    const alarmed = find('AWS::SNS::Subscription').filter(([, { Properties }]) =>
      Properties['TopicArn'].Ref.startsWith('Alarms'),
    );
    expect(alarmed.map(([, { Properties }]) => Properties)).toMatchObject([
      { Protocol: 'email', Endpoint: DECIDED.alarmEmail },
    ]);
    for (const [id, { Properties }] of find('AWS::SNS::Topic')) {
      expect(Properties['KmsMasterKeyId'], id).toBeDefined();
    }
  });
});

test('notices of undelivered mails, which name addresses, reach one Lambda and no mailbox', () => {
  const subscribed = find('AWS::SNS::Subscription').filter(([, { Properties }]) =>
    Properties['TopicArn'].Ref.startsWith('MailNotices'),
  );
  expect(subscribed.map(([, { Properties }]) => Properties)).toMatchObject([
    { Protocol: 'lambda', Endpoint: { 'Fn::GetAtt': [lambdaOf('bounces')[0], 'Arn'] } },
  ]);
});

test('mail comes from one domain with its own MAIL FROM, and bounces are heard of', () => {
  const [identity] = find('AWS::SES::EmailIdentity').map(([, { Properties }]) => Properties);
  expect(identity).toMatchObject({
    EmailIdentity: MAIL_DOMAIN,
    MailFromAttributes: { MailFromDomain: `bounce.${MAIL_DOMAIN}` },
  });
  expect(identity?.['ConfigurationSetAttributes'].ConfigurationSetName).toBeDefined();
  const events = find('AWS::SES::ConfigurationSetEventDestination').map(([, r]) => r.Properties);
  expect(events).toHaveLength(2);
  for (const { EventDestination } of events) {
    expect([...EventDestination.MatchingEventTypes].sort()).toEqual([
      'bounce',
      'complaint',
      'reject',
    ]);
  }
  // Opening and clicking are nobody's business.
  expect(JSON.stringify(events)).not.toMatch(/open|click/i);
});
