/**
 * What runs: the HTTP API with one route for each endpoint, Lambdas split by privilege, the
 * stream's consumer, the clock, mail, and the alarms that say who is hurt.
 */
import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import {
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Runtime, StartingPosition, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Charset, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import {
  CloudWatchDimensionSource,
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { apis } from '../functions/api.ts';
import type { Environment } from '../functions/platform/config.ts';
import { type TableName, tables } from '../functions/platform/tables.ts';
import { acknowledge, inFindings } from './acknowledge.ts';
import { type AlarmText, addAlarm } from './alarms.ts';
import { bundleOptions, entryOf, root } from './bundling.ts';
import type { DataStack } from './data-stack.ts';
import { grants, LAMBDAS, type LambdaName, pictureGrants } from './grants.ts';
import { lambdas } from './lambdas.ts';
import type { Settings } from './settings.ts';
import { deployFiles } from './site-files.ts';

/** The only facts of a request that are kept, and no part of them tells who asked or which booking. */
const ACCESS_LOG = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  error: '$context.error.responseType',
};

/** Five hundred a second, a thousand at once: above the busiest nine o'clock, below what would hurt others. */
const THROTTLE = { rateLimit: 500, burstLimit: 1000 };

export interface ServiceStackProps extends StackProps {
  readonly data: DataStack;
  /** The folder that Astro built. */
  readonly siteDist: string;
}

export class ServiceStack extends Stack {
  readonly api: HttpApi;
  /** Encrypts logs, alarms and the Lambdas' environments. */
  readonly key: Key;
  readonly #data: DataStack;
  readonly #settings: Settings;
  readonly #siteDist: string;
  readonly #alarms: Topic;
  readonly #lambdas: Readonly<Record<LambdaName, NodejsFunction>>;

  constructor(scope: Construct, id: string, settings: Settings, props: ServiceStackProps) {
    const { data, siteDist, ...rest } = props;
    super(scope, id, rest);
    this.#data = data;
    this.#settings = settings;
    this.#siteDist = siteDist;
    this.key = this.addKey();
    this.#alarms = this.addTopic('Alarms', 'cloudwatch.amazonaws.com');
    if (settings.alarmEmail !== undefined) {
      this.#alarms.addSubscription(new EmailSubscription(settings.alarmEmail));
    }
    this.#lambdas = Object.fromEntries(
      LAMBDAS.map((name) => [name, this.addLambda(name)]),
    ) as Record<LambdaName, NodejsFunction>;
    this.deployHashedFiles();
    this.api = this.addApi();
    this.addConsumer();
    this.addClock();
    this.addMail();
    this.addOwnMetrics();
    new CfnOutput(this, 'ApiUrl', { value: this.api.apiEndpoint });
  }

  private addKey(): Key {
    const key = new Key(this, 'Key', {
      description: 'Hidamari: logs, alarms and settings of Lambdas',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const allow = (service: string, actions: string[], conditions = {}) =>
      key.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal(service)],
          actions,
          resources: ['*'],
          conditions,
        }),
      );
    allow(
      `logs.${this.region}.amazonaws.com`,
      [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': this.formatArn({ service: 'logs', resource: '*' }),
        },
      },
    );
    // They reach the key through our topics only, and a topic's own policy asks for our account.
    allow('cloudwatch.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']);
    allow('ses.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']);
    return key;
  }

  /** Scripts and styles before the Lambdas, which render pages that name them. */
  private deployHashedFiles(): void {
    const hashed = deployFiles(this, this.#data.siteName, this.key, {
      sources: [Source.asset(join(this.#siteDist, '_astro'))],
      destinationKeyPrefix: '_astro',
      cacheControl: [
        CacheControl.setPublic(),
        CacheControl.maxAge(Duration.days(365)),
        CacheControl.immutable(),
      ],
    });
    for (const lambda of Object.values(this.#lambdas)) lambda.node.addDependency(hashed);
  }

  private addTopic(id: string, publisher: string): Topic {
    const topic = new Topic(this, id, { masterKey: this.key, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(publisher)],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    return topic;
  }

  private addLogGroup(id: string): LogGroup {
    return new LogGroup(this, id, {
      retention: RetentionDays.THREE_MONTHS,
      encryptionKey: this.key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private addLambda(name: LambdaName): NodejsFunction {
    const { does, seconds, megabytes, onErrors, onThrottles } = lambdas[name];
    const logGroup = this.addLogGroup(`Logs-${name}`);
    const role = new Role(this, `Role-${name}`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Hidamari ${name}`,
    });
    const lambda = new NodejsFunction(this, `Lambda-${name}`, {
      description: does,
      entry: entryOf(name),
      projectRoot: root,
      depsLockFilePath: join(root, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(seconds),
      memorySize: megabytes,
      tracing: Tracing.DISABLED,
      role,
      logGroup,
      environment: this.variables(),
      environmentEncryption: this.key,
      bundling: {
        format: OutputFormat.ESM,
        target: bundleOptions.target,
        minify: bundleOptions.minify,
        charset: Charset.UTF8,
        bundleAwsSDK: true,
        mainFields: bundleOptions.mainFields,
        esbuildArgs: {
          '--legal-comments': bundleOptions.legalComments,
          ...Object.fromEntries(
            Object.entries(bundleOptions.alias).map(([from, to]) => [`--alias:${from}`, to]),
          ),
        },
        commandHooks: {
          beforeInstall: () => [],
          beforeBundling: () => [],
          afterBundling: (_input, output) => [
            `cp -R "${join(this.#siteDist, 'templates')}" "${output}/templates"`,
          ],
        },
      },
    });
    this.grant(name, role);
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.alarm(`Errors-${name}`, onErrors, lambda.metricErrors({ period: Duration.minutes(1) }));
    this.alarm(
      `Throttles-${name}`,
      onThrottles,
      lambda.metricThrottles({ period: Duration.minutes(1) }),
    );
    return lambda;
  }

  /** A value, or nothing with the reason, for every variable that the code knows. */
  private variables(): Record<string, string> {
    const { siteOrigin, mailFrom, prefix } = this.#settings;
    const variables: Record<keyof typeof Environment.shape, string | undefined> = {
      STAGE: 'cloud',
      TABLE_PREFIX: prefix,
      MAIL_FROM: mailFrom,
      SITE_ORIGIN: siteOrigin,
      SITE_BUCKET: this.#data.siteName,
      LETTERS_BUCKET: this.#data.lettersName,
      TEMPLATES_FOLDER: '/var/task/templates',
      // Resolved when the stack is deployed; reading it at run time would cost every cold start.
      NOTICE_FROM: this.#settings.noticeFrom,
      FORM_KEY: this.#data.formKey.secretValue.unsafeUnwrap(),
      OIDC_ISSUER: this.#data.issuer,
      OIDC_CLIENT_ID: this.#data.deskClient.userPoolClientId,
      // Set by Lambda itself, and forbidden to set.
      AWS_REGION: undefined,
      // Derived from the issuer.
      OIDC_JWKS_URI: undefined,
      // For one machine only.
      DYNAMODB_ENDPOINT: undefined,
      SES_ENDPOINT: undefined,
      SITE_FOLDER: undefined,
      LETTERS_FOLDER: undefined,
    };
    return Object.fromEntries(
      Object.entries(variables).filter((entry): entry is [string, string] => Boolean(entry[1])),
    );
  }

  /** Exactly what grants.ts says, and the keys that go with it. */
  private grant(name: LambdaName, role: Role): void {
    for (const [place, actions = []] of Object.entries(grants[name])) {
      const [table, ...index] = place.split('/');
      const { tableArn } = this.#data.tables[table as TableName];
      role.addToPolicy(
        new PolicyStatement({
          actions: actions.map((action) => `dynamodb:${action}`),
          resources: [[tableArn, ...index].join('/')],
        }),
      );
    }
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKey',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        resources: [this.#data.key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `dynamodb.${this.region}.amazonaws.com` },
        },
      }),
    );
    role.addToPolicy(
      new PolicyStatement({ actions: ['kms:Decrypt'], resources: [this.key.keyArn] }),
    );
    if (name === 'worker' || name === 'clock') this.grantPublishing(role);
    this.grantPictures(name, role);
  }

  /** The pages that staff publish; everything else in the bucket is written by a deployment. */
  private grantPublishing(role: Role): void {
    const site = `arn:aws:s3:::${this.#data.siteName}`;
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
        resources: [`${site}/index.html`, `${site}/courses/*`],
      }),
    );
    // Without it S3 answers "forbidden" where a page is not there yet.
    role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [site] }));
    acknowledge(
      role,
      `AwsSolutions-IAM5[Resource::${inFindings(site)}/courses/*]`,
      'A course has a folder of its own, and courses come and go.',
    );
  }

  /** Sealed pictures, by the names of their mailboxes: nobody may list them. */
  private grantPictures(name: LambdaName, role: Role): void {
    const actions = pictureGrants[name];
    if (!actions) return;
    const bucket = `arn:aws:s3:::${this.#data.lettersName}`;
    role.addToPolicy(
      new PolicyStatement({
        actions: actions.map((action) => `s3:${action}`),
        resources: [`${bucket}/*`],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [this.#data.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${this.region}.amazonaws.com` } },
      }),
    );
    acknowledge(
      role,
      `AwsSolutions-IAM5[Resource::${inFindings(bucket)}/*]`,
      'A mailbox has a folder of its own, and mailboxes come and go.',
    );
  }

  private addApi(): HttpApi {
    const api = new HttpApi(this, 'Api', {
      apiName: `${this.#settings.prefix}api`,
      createDefaultStage: false,
    });
    const target = (name: LambdaName) =>
      new HttpLambdaIntegration(`To-${name}`, this.#lambdas[name], {
        // A permission for each route would soon be longer than a Lambda's policy may be.
        scopePermissionToRoute: false,
      });
    for (const [name, endpoints] of Object.entries(apis)) {
      const integration = target(name as keyof typeof apis);
      for (const { operation, method, path } of endpoints) {
        this.addRoute(api, operation, HttpRouteKey.with(path, HttpMethod[method]), integration);
      }
    }
    // What is nowhere else is answered in our words, for CloudFront's files as well.
    const nothingHere = new HttpLambdaIntegration('To-nothing-here', this.#lambdas['public-api']);
    this.addRoute(api, 'nothingHere', HttpRouteKey.DEFAULT, nothingHere);

    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.addLogGroup('Logs-access')),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    this.alarm(
      'ServerErrors',
      {
        hurts: '講座に申し込む保護者と、机を使う職員。送信が失敗しています。',
        todo: 'アクセスログで status が 500 以上の route を調べ、その Lambda のログの error の行を見てください。503 が多いときは DynamoDB の状態を確認してください。',
      },
      stage.metricServerError({ period: Duration.minutes(1), statistic: 'Sum' }),
    );
    return api;
  }

  private addRoute(
    httpApi: HttpApi,
    id: string,
    routeKey: HttpRouteKey,
    integration: HttpLambdaIntegration,
  ): void {
    const route = new HttpRoute(this, `Route-${id}`, { httpApi, routeKey, integration });
    acknowledge(
      route,
      'AwsSolutions-APIG4',
      'Families need no account. Staff tokens are verified in functions/platform/auth.ts, by the same code in the cloud, on one machine and in the tests.',
    );
  }

  /** The consumer of the only stream: in each shard in order and one batch at a time, shards side by side. */
  private addConsumer(): void {
    const { worker } = this.#lambdas;
    const dropped = this.addDeadLetters(
      'EventsDropped',
      {
        hurts:
          '申し込んだ保護者。メールや空席の案内が送られないままになった出来事があります。自動ではやり直しません。',
        todo: 'キューの中の shardId と時刻から events の表の該当する行を探し、docs/operations.md の「出来事をやり直す」に従ってください。',
      },
      Duration.days(14),
    );
    const minutesBehind = worker.metric('IteratorAge', {
      statistic: 'Maximum',
      period: Duration.minutes(1),
    });
    for (const [name, table] of Object.entries(tables)) {
      if (!('stream' in table)) continue;
      worker.addEventSource(
        new DynamoEventSource(this.#data.tables[name as TableName] as ITable, {
          startingPosition: StartingPosition.TRIM_HORIZON,
          batchSize: 25,
          maxBatchingWindow: Duration.seconds(1),
          parallelizationFactor: 1,
          reportBatchItemFailures: true,
          bisectBatchOnError: true,
          retryAttempts: 30,
          maxRecordAge: Duration.hours(6),
          onFailure: new SqsDlq(dropped),
        }),
      );
    }
    this.alarm(
      'EventsLate',
      {
        hurts: '申し込んだ保護者。受付のメールと講座のページが1分以上遅れています。',
        todo: 'worker のログを見てください。同じ eventId の失敗が続いていれば、その出来事が列を止めています。',
      },
      minutesBehind,
      { threshold: 60_000, evaluationPeriods: 2 },
    );
  }

  private addClock(): void {
    const { clock } = this.#lambdas;
    const missed = this.addDeadLetters(
      'MinutesMissed',
      {
        hurts: '空席の案内や受付開始を待つ保護者。時計が動かなかった分があります。',
        todo: '次の1分で追いつくのが普通です。続くときは clock のログと EventBridge のルールを確認してください。',
      },
      Duration.hours(6),
    );
    // A minute that failed is not repeated: the next one does what is due.
    clock.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
      onFailure: new SqsDestination(missed),
    });
    new Rule(this, 'EveryMinute', {
      description: 'Hidamari: everything that is due',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaFunction(clock, {
          deadLetterQueue: missed,
          retryAttempts: 1,
          maxEventAge: Duration.minutes(1),
        }),
      ],
    });
    this.alarm(
      'ClockStopped',
      {
        hurts: '空席の案内や受付開始を待つ保護者。時計が5分間動いていません。',
        todo: 'EventBridge のルール（毎分）が有効か、clock が呼べるかを確認してください。',
      },
      clock.metricInvocations({ period: Duration.minutes(5) }),
      {
        threshold: 1,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
      },
    );
  }

  /** Mail out, for the worker and the clock alone, from one address of one domain. */
  private addMail(): void {
    const { mailFrom, noticeFrom } = this.#settings;
    const domain = mailFrom.slice(mailFrom.indexOf('@') + 1);
    const configurationSet = new ConfigurationSet(this, 'Mail', { reputationMetrics: true });
    const identity = new EmailIdentity(this, 'MailDomain', {
      identity: Identity.domain(domain),
      mailFromDomain: `bounce.${domain}`,
      configurationSet,
      // Bounces are counted and go to the topic; as mails they would land in nobody's mailbox.
      feedbackForwarding: false,
    });
    // Which mail, to whom: read by the one Lambda that turns it into a call.
    const notices = new Topic(this, 'MailNotices', { masterKey: this.key, enforceSSL: true });
    this.addBounces(notices);
    configurationSet.addEventDestination('ToNotices', {
      destination: EventDestination.snsTopic(notices),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
    const setArn = this.formatArn({
      service: 'ses',
      resource: 'configuration-set',
      resourceName: configurationSet.configurationSetName,
    });
    this.addMailAlarms(configurationSet);
    // A domain that names nothing is not made here: whoever reads its name must not find this stack.
    const noticeIdentity = noticeFrom
      ? [
          this.formatArn({
            service: 'ses',
            resource: 'identity',
            resourceName: noticeFrom.slice(noticeFrom.indexOf('@') + 1),
          }),
        ]
      : [];
    for (const name of ['worker', 'clock'] as const) {
      this.#lambdas[name].addToRolePolicy(
        new PolicyStatement({
          actions: ['ses:SendRawEmail'],
          resources: [identity.emailIdentityArn, setArn, ...noticeIdentity],
          conditions: {
            StringEquals: { 'ses:FromAddress': noticeFrom ? [mailFrom, noticeFrom] : mailFrom },
          },
        }),
      );
    }
  }

  private addBounces(notices: Topic): void {
    const { bounces } = this.#lambdas;
    const lost = this.addDeadLetters(
      'BouncesLost',
      {
        hurts:
          'メールが届かなかった保護者。電話連絡の一覧に載っていません。自動ではやり直しません。',
        todo: 'bounces のログを見て原因を直し、docs/operations.md の「届かなかったメール」に従って申込みを見つけ、電話してください。',
      },
      Duration.days(14),
    );
    bounces.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(lost),
    });
    notices.addSubscription(new LambdaSubscription(bounces, { deadLetterQueue: lost }));
  }

  /** Mails that SES took and could not deliver: no code of ours fails, so only SES can say so. */
  private addMailAlarms(configurationSet: ConfigurationSet): void {
    const name = configurationSet.configurationSetName;
    // SES puts this tag on every mail by itself. It parts us from other senders of the account.
    const tag = 'ses:configuration-set';
    configurationSet.addEventDestination('ToMetrics', {
      destination: EventDestination.cloudWatchDimensions([
        { name: tag, source: CloudWatchDimensionSource.MESSAGE_TAG, defaultValue: name },
      ]),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
    const count = (metricName: string) =>
      new Metric({
        namespace: 'AWS/SES',
        metricName,
        dimensionsMap: { [tag]: name },
        statistic: 'Sum',
        period: Duration.minutes(5),
      });
    const hurts =
      'メールが届かなかった保護者。受付の控えか、期限のある空席の案内を受け取れていません。';
    this.alarm(
      'MailBounced',
      {
        hurts,
        todo: '職員の机の「電話連絡」に載っています。期限の前に電話されているか、確かめてください。載っていないときは docs/operations.md の「届かなかったメール」に従ってください。',
      },
      count('Bounce'),
    );
    this.alarm(
      'MailRejected',
      {
        hurts,
        todo: 'SES が危険と判断して送りませんでした。同じ時刻の worker と clock のログを見て、docs/operations.md の「届かなかったメール」に従ってください。',
      },
      count('Reject'),
    );
    this.alarm(
      'MailComplained',
      {
        hurts:
          'メールを迷惑メールとして知らせた保護者。この方には次のメールから届きません。続くと、すべての保護者にメールが届かなくなります。',
        todo: 'docs/operations.md の「届かなかったメール」に従って申込みを見つけ、次の連絡は電話でしてください。',
      },
      count('Complaint'),
    );
    // Of the whole account, because AWS stops the whole account, at ten in a hundred.
    this.alarm(
      'MailAtRisk',
      {
        hurts:
          'すべての保護者。届かないメールが5%を超えました。このままでは AWS がメールの送信を止めます。',
        todo: 'SES の画面で届かないメールの率と、AWS からの知らせを確かめてください。同じ宛先が続いていれば、その方には電話で連絡してください。',
      },
      new Metric({
        namespace: 'AWS/SES',
        metricName: 'Reputation.BounceRate',
        statistic: 'Maximum',
        period: Duration.hours(1),
      }),
      { threshold: 0.05 },
    );
  }

  /** What the code itself counts when it gives up (functions/platform/consumer.ts). */
  private addOwnMetrics(): void {
    const metric = (metricName: string) =>
      new Metric({
        namespace: 'Hidamari',
        metricName,
        statistic: 'Sum',
        period: Duration.minutes(5),
      });
    this.alarm(
      'ReactionGivenUp',
      {
        hurts:
          '申し込んだ保護者。約1日やり直しても届かなかったメールか、空席の案内があります。ログの hurts に、だれが困っているかが書いてあります。',
        todo: 'worker と clock のログで reaction_given_up を探し、eventId から申込みを見つけて、保護者に電話してください。',
      },
      metric('reaction_given_up'),
    );
    this.alarm(
      'DeadlineMissed',
      {
        hurts:
          '空席を待つ保護者か、講座のページを見る保護者。期限の処理が約1日できていません。ログの hurts に、だれが困っているかが書いてあります。',
        todo: 'clock のログで deadline_missed を探し、その直前の error の行から原因を直してください。直れば自動で進みます。',
      },
      metric('deadline_missed'),
    );
    this.alarm(
      'DeskThin',
      {
        hurts:
          '相談室に手紙を書く子どもと保護者。手紙を開ける職員が2人に満たない相談室があり、1人が休むとだれも読めません。',
        todo: '職員用ページの「鍵」で、その相談室をもう1人に許可してください。',
      },
      metric('desk_thin'),
    );
  }

  private addDeadLetters(id: string, text: AlarmText, retentionPeriod: Duration): Queue {
    const queue = new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod,
    });
    acknowledge(queue, 'AwsSolutions-SQS3', 'This is a dead-letter queue itself.');
    this.alarm(
      `${id}Waiting`,
      text,
      queue.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
    );
    return queue;
  }

  private alarm(
    id: string,
    text: AlarmText,
    metric: IMetric,
    more: Partial<AlarmProps> = {},
  ): void {
    addAlarm(this, `Alarm-${id}`, this.#alarms, text, { ...more, metric });
  }
}
