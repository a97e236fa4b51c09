/**
 * Everything that must outlive a mistake: tables, the key that encrypts them, published pages, the
 * key of keyed hashes, and the accounts of staff. Nothing here is deleted with its stack.
 */
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  type CfnUserPool,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  PasskeyUserVerification,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import {
  AttributeType,
  Billing,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { ROLES } from '../functions/platform/endpoint.ts';
import { type TableDefinition, type TableName, tables } from '../functions/platform/tables.ts';
import { acknowledge } from './acknowledge.ts';
import type { Settings } from './settings.ts';

export class DataStack extends Stack {
  readonly key: Key;
  readonly tables: Readonly<Record<TableName, TableV2>>;
  /** Name of the bucket with the published pages and the built site. */
  readonly siteName: string;
  /** Name of the bucket with the sealed pictures of letters. */
  readonly lettersName: string;
  readonly formKey: Secret;
  /** Staff: issuer of their tokens, the desk as its client, and the host of the log-in page. */
  readonly issuer: string;
  readonly deskClient: UserPoolClient;
  readonly loginOrigin: string;

  constructor(scope: Construct, id: string, settings: Settings, props: StackProps) {
    super(scope, id, { ...props, terminationProtection: true });
    this.key = new Key(this, 'Key', {
      description: 'Hidamari: tables and secrets',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.tables = Object.fromEntries(
      Object.entries(tables).map(([name, table]) => [name, this.addTable(name, table, settings)]),
    ) as unknown as Record<TableName, TableV2>;
    this.siteName = `${settings.prefix}site-${this.account}`;
    this.addSiteBucket();
    this.lettersName = `${settings.prefix}letters-${this.account}`;
    this.addLettersBucket();
    this.formKey = new Secret(this, 'FormKey', {
      description: 'Hidamari: keyed hashes of telephone numbers and forms (FORM_KEY)',
      encryptionKey: this.key,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      this.formKey,
      'AwsSolutions-SMG4',
      'A new key would make every stored hash unknown: households could book twice, and forms be taken twice. It changes by hand only (docs/operations.md).',
    );

    const pool = this.addStaff();
    this.issuer = `https://cognito-idp.${settings.region}.amazonaws.com/${pool.userPoolId}`;
    const domain = pool.addDomain('LogIn', {
      cognitoDomain: { domainPrefix: settings.loginPrefix ?? `${settings.prefix}${this.account}` },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    this.loginOrigin = domain.baseUrl();
    this.deskClient = this.addDesk(pool, settings);
  }

  private addTable(name: string, table: TableDefinition, { prefix }: Settings): TableV2 {
    const key = (attribute: string) => ({ name: attribute, type: AttributeType.STRING });
    return new TableV2(this, `Table-${name}`, {
      tableName: `${prefix}${name}`,
      partitionKey: key('pk'),
      sortKey: key('sk'),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(this.key),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      globalSecondaryIndexes: Object.entries(table.indexes ?? {}).map(([indexName, index]) => ({
        indexName,
        partitionKey: key(index.pk),
        sortKey: key(index.sk),
      })),
      ...(table.ttl && { timeToLiveAttribute: table.ttl }),
      ...(table.stream && { dynamoStream: StreamViewType[table.stream] }),
    });
  }

  private addSiteBucket(): void {
    const bucket = new Bucket(this, 'Site', {
      bucketName: this.siteName,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      // A page is written again with every booking; its past is of use for a few weeks at most.
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(30),
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // The distribution is made later and in another stack, so it is known by its account only.
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects('*')],
        conditions: {
          ArnLike: { 'AWS:SourceArn': `arn:aws:cloudfront::${this.account}:distribution/*` },
        },
      }),
    );
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'Object access logs would hold the address of every reader; we keep none.',
    );
  }

  /** Sealed pictures. Who stored or read one is written down nowhere. */
  private addLettersBucket(): void {
    const bucket = new Bucket(this, 'Letters', {
      bucketName: this.lettersName,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        {
          // As long as a table can be brought back, so that a letter comes back with its pictures.
          noncurrentVersionExpiration: Duration.days(35),
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        // The clock removes pictures with their conversation. This is for what it has never known of:
        // nobody writes from one mailbox for ten years.
        { expiration: Duration.days(3_650) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'Object access logs would say when a young person sends or looks at a picture, and from where.',
    );
  }

  private addStaff(): UserPool {
    const pool = new UserPool(this, 'Staff', {
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      signInPolicy: { allowedFirstAuthFactors: { password: true, passkey: true } },
      passkeyUserVerification: PasskeyUserVerification.REQUIRED,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireSymbols: true,
        requireUppercase: true,
        tempPasswordValidity: Duration.days(3),
      },
      userVerification: {
        emailSubject: 'ひだまりの机の確認コード',
        emailBody: 'ひだまりの机の確認コードは {####} です。',
      },
      userInvitation: {
        emailSubject: 'ひだまりの机へようこそ',
        emailBody:
          'ひだまりの机に、あなたの席ができました。<br>ユーザー名: {username}<br>はじめのパスワード: {####}<br>3日のうちにログインして、パスワードと、ログインの2つめの確認（パスキーか認証アプリ）を決めてください。',
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // A passkey that checks its owner is two factors in one; the L2 construct cannot say so yet.
    (pool.node.defaultChild as CfnUserPool).webAuthnFactorConfiguration =
      'MULTI_FACTOR_WITH_USER_VERIFICATION';
    for (const groupName of ROLES) pool.addGroup(`Group-${groupName}`, { groupName });
    acknowledge(
      pool,
      'AwsSolutions-COG8',
      'The Plus plan watches addresses and devices of staff. A few invited people with passkeys or TOTP do without it.',
    );
    return pool;
  }

  /** The desk is a public client: no secret; the code is bound to the browser by PKCE. */
  private addDesk(pool: UserPool, { siteOrigin }: Settings): UserPoolClient {
    const home = `${siteOrigin}/staff/`;
    const client = pool.addClient('Desk', {
      generateSecret: false,
      authFlows: { user: true },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [home],
        logoutUrls: [home],
      },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      // The desk never refreshes; an hour is the shortest that Cognito lets a refresh token live.
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(1),
      authSessionValidity: Duration.minutes(5),
    });
    new CfnManagedLoginBranding(this, 'LogInLook', {
      userPoolId: pool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    return client;
  }
}
