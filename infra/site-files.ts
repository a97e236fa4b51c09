/**
 * Puts files of the built site into the bucket. Only ever adds: pages that are open in a browser
 * still find their scripts.
 */
import { DefaultStackSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, type BucketDeploymentProps } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { acknowledge, inFindings } from './acknowledge.ts';

/** Once in a stack. @param key encrypts the log of the deployment */
export function deployFiles(
  scope: Construct,
  siteName: string,
  key: IKey,
  props: Pick<BucketDeploymentProps, 'sources' | 'cacheControl' | 'destinationKeyPrefix'>,
): BucketDeployment {
  const logGroup = new LogGroup(scope, 'Logs-files', {
    retention: RetentionDays.THREE_MONTHS,
    encryptionKey: key,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'Role-files', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: 'Hidamari: puts the built site into its bucket',
  });
  logGroup.grantWrite(role);
  const assets = `cdk-${DefaultStackSynthesizer.DEFAULT_QUALIFIER}-assets-<AWS::AccountId>`;
  const wildcards = [
    'Action::s3:Abort*',
    'Action::s3:DeleteObject*',
    'Action::s3:GetBucket*',
    'Action::s3:GetObject*',
    'Action::s3:List*',
    `Resource::arn:aws:s3:::${inFindings(siteName)}/*`,
    `Resource::arn:aws:s3:::${assets}-${Stack.of(scope).region}/*`,
  ];
  for (const wildcard of wildcards) {
    acknowledge(
      role,
      `AwsSolutions-IAM5[${wildcard}]`,
      "The CDK's own deployment reads its assets and writes the built site; it runs only then.",
    );
  }
  const deployment = new BucketDeployment(scope, 'Files', {
    ...props,
    destinationBucket: Bucket.fromBucketName(scope, 'FilesBucket', siteName),
    prune: false,
    memoryLimit: 512,
    role,
    logGroup,
  });
  const lambda = scope.node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucket'));
  if (lambda) {
    acknowledge(lambda, 'AwsSolutions-L1', "The CDK's own Lambda; its runtime comes with the CDK.");
  }
  return deployment;
}
