/** A rule that does not fit one construct is put aside there, with the reason. */
import { Aws, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** @param rule as the finding names it */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason });
}

/** Text as findings show it: with the account's number still open. */
export function inFindings(text: string): string {
  return text.replaceAll(Aws.ACCOUNT_ID, '<AWS::AccountId>');
}
