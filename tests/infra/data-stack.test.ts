/** What must last: tables, published pages, the key of hashes, the accounts of staff. */
import { beforeAll, expect, test } from 'vitest';
import { ROLES } from '../../functions/platform/endpoint.ts';
import { type TableDefinition, tables } from '../../functions/platform/tables.ts';
import { type Cloud, makeCloud, type Resource } from './support/cloud.ts';

let cloud: Cloud;
beforeAll(() => {
  cloud = makeCloud();
});

const only = (type: string): Resource => {
  const found = cloud.all(type);
  expect(found, type).toHaveLength(1);
  return (found[0] as [string, Resource])[1];
};

const definitions: [string, TableDefinition][] = Object.entries(tables);
const bucketOf = (id: string): [string, Resource] =>
  cloud.all('AWS::S3::Bucket').find(([each]) => each.startsWith(id)) as [string, Resource];
const policyOf = (id: string): Resource =>
  cloud
    .all('AWS::S3::BucketPolicy')
    .map(([, policy]) => policy)
    .find(({ Properties }) => Properties['Bucket'].Ref === bucketOf(id)[0]) as Resource;
const tableOf = (name: string): Resource => {
  const found = cloud
    .all('AWS::DynamoDB::GlobalTable')
    .find(([, table]) => table.Properties['TableName'] === `hidamari-demo-trial-${name}`);
  return (found as [string, Resource])[1];
};

test('there is a table for each definition, and no other', () => {
  expect(cloud.all('AWS::DynamoDB::GlobalTable')).toHaveLength(definitions.length);
  expect(cloud.all('AWS::DynamoDB::Table')).toHaveLength(0);
});

test.each(definitions)(
  '%s is retained, encrypted with our key, and can be brought back',
  (name) => {
    const { Properties, DeletionPolicy, UpdateReplacePolicy } = tableOf(name);
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    expect(Properties['SSESpecification']).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(Properties['Replicas']).toHaveLength(1);
    const [replica] = Properties['Replicas'];
    expect(replica.DeletionProtectionEnabled).toBe(true);
    expect(replica.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
    const [key] = replica.SSESpecification.KMSMasterKeyId['Fn::GetAtt'];
    expect(cloud.data.findResources('AWS::KMS::Key')[key]).toBeDefined();
  },
);

test.each(definitions)('%s has the indexes and the expiry of its definition', (name, table) => {
  const { Properties } = tableOf(name);
  const indexes = (Properties['GlobalSecondaryIndexes'] ?? []) as {
    IndexName: string;
    KeySchema: { AttributeName: string; KeyType: string }[];
  }[];
  const found = Object.fromEntries(
    indexes.map(({ IndexName, KeySchema }) => [
      IndexName,
      Object.fromEntries(
        KeySchema.map(({ AttributeName, KeyType }) => [
          KeyType === 'HASH' ? 'pk' : 'sk',
          AttributeName,
        ]),
      ),
    ]),
  );
  expect(found).toEqual(table.indexes ?? {});
  expect(Properties['TimeToLiveSpecification']).toEqual(
    table.ttl && { AttributeName: table.ttl, Enabled: true },
  );
});

test('only events has a stream', () => {
  const streamed = definitions
    .map(([name]) => name)
    .filter((name) => tableOf(name).Properties['StreamSpecification'] !== undefined);
  expect(streamed).toEqual(['events']);
});

test('every key rotates and is retained', () => {
  for (const [, key] of cloud.all('AWS::KMS::Key')) {
    expect(key.Properties['EnableKeyRotation']).toBe(true);
    expect(key.DeletionPolicy).toBe('Retain');
  }
});

test('there is a bucket for pages and one for sealed pictures, and no other', () => {
  expect(cloud.all('AWS::S3::Bucket')).toHaveLength(2);
});

test.each(['Site', 'Letters'])(
  'the bucket %s is private, versioned, encrypted, retained, and reached over TLS only',
  (id) => {
    const [, { Properties, DeletionPolicy }] = bucketOf(id);
    expect(DeletionPolicy).toBe('Retain');
    expect(Object.values(Properties['PublicAccessBlockConfiguration'])).toEqual(
      Array(4).fill(true),
    );
    expect(Properties['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
    expect(Properties['BucketEncryption']).toBeDefined();
    expect(Properties['LoggingConfiguration']).toBeUndefined();
    expect(Properties['WebsiteConfiguration']).toBeUndefined();
    const { Statement } = policyOf(id).Properties['PolicyDocument'];
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
    expect(JSON.stringify(Statement)).toContain('{"NumericLessThan":{"s3:TlsVersion":1.2}}');
  },
);

test('only the distribution reads pages, and no policy lets anybody at the pictures', () => {
  const allowedIn = (id: string) =>
    policyOf(id).Properties['PolicyDocument'].Statement.filter(
      ({ Effect }: { Effect: string }) => Effect === 'Allow',
    );
  expect(allowedIn('Letters')).toEqual([]);
  const allowed = allowedIn('Site');
  expect(allowed).toHaveLength(1);
  expect(allowed[0].Principal).toEqual({ Service: 'cloudfront.amazonaws.com' });
  expect(allowed[0].Action).toBe('s3:GetObject');
  expect(JSON.stringify(allowed[0].Condition)).toMatch(/AWS:SourceArn.*AWS::AccountId/);
});

test('pictures are encrypted with the key of the tables, and outlive a mistake as long as a table does', () => {
  const [, { Properties }] = bucketOf('Letters');
  const [rule] = Properties['BucketEncryption'].ServerSideEncryptionConfiguration;
  expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe('aws:kms');
  const [key] = rule.ServerSideEncryptionByDefault.KMSMasterKeyID['Fn::GetAtt'];
  const [replica] = tableOf('consultations').Properties['Replicas'];
  expect(replica.SSESpecification.KMSMasterKeyId['Fn::GetAtt'][0]).toBe(key);
  const rules = Properties['LifecycleConfiguration'].Rules;
  expect(rules[0].NoncurrentVersionExpiration.NoncurrentDays).toBe(35);
  // Conversations end by the clock; a rule of the bucket that did so would end them unheard.
  expect(rules[1].ExpirationInDays).toBe(3_650);
});

test('the key of keyed hashes is generated, retained and long enough', () => {
  const { Properties, DeletionPolicy } = only('AWS::SecretsManager::Secret');
  expect(DeletionPolicy).toBe('Retain');
  expect(Properties['GenerateSecretString'].PasswordLength).toBeGreaterThanOrEqual(32);
  expect(Properties['SecretString']).toBeUndefined();
});

test('staff need a second factor: a passkey that checks its owner, or an app; never an SMS', () => {
  const { Properties, DeletionPolicy } = only('AWS::Cognito::UserPool');
  expect(DeletionPolicy).toBe('Retain');
  expect(Properties['DeletionProtection']).toBe('ACTIVE');
  expect(Properties['MfaConfiguration']).toBe('ON');
  expect(Properties['EnabledMfas']).toEqual(['SOFTWARE_TOKEN_MFA']);
  expect(Properties['Policies'].SignInPolicy.AllowedFirstAuthFactors).toContain('WEB_AUTHN');
  expect(Properties['WebAuthnFactorConfiguration']).toBe('MULTI_FACTOR_WITH_USER_VERIFICATION');
  expect(Properties['WebAuthnUserVerification']).toBe('required');
  expect(Properties['UserPoolTier']).toBe('ESSENTIALS');
});

test('nobody makes an account for themselves, and each role is a group', () => {
  const { Properties } = only('AWS::Cognito::UserPool');
  expect(Properties['AdminCreateUserConfig'].AllowAdminCreateUserOnly).toBe(true);
  const groups = cloud.all('AWS::Cognito::UserPoolGroup').map(([, { Properties: p }]) => p);
  expect(groups.map(({ GroupName }) => GroupName).sort()).toEqual([...ROLES].sort());
});

test('the desk is a public client: code only, back to our own page, tokens of an hour', () => {
  const { Properties } = only('AWS::Cognito::UserPoolClient');
  expect(Properties['GenerateSecret']).toBe(false);
  expect(Properties['AllowedOAuthFlows']).toEqual(['code']);
  expect(Properties['CallbackURLs']).toEqual(['https://hidamari.example.jp/staff/']);
  expect(Properties['LogoutURLs']).toEqual(['https://hidamari.example.jp/staff/']);
  expect(Properties['ExplicitAuthFlows']).not.toContain('ALLOW_USER_PASSWORD_AUTH');
  for (const token of ['AccessToken', 'IdToken', 'RefreshToken']) {
    expect(Properties['TokenValidityUnits'][token]).toBe('minutes');
    expect(Properties[`${token}Validity`]).toBeLessThanOrEqual(60);
  }
});
