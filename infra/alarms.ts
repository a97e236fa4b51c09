/** An alarm is a sentence to a person: who is hurt, and what to do. */
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** In Japanese, for whoever is called. */
export interface AlarmText {
  /** Who is hurt, and how. */
  readonly hurts: string;
  /** What to do first. */
  readonly todo: string;
}

/** Rings when the metric is above `threshold` (0 unless told) in one period. */
export function addAlarm(
  scope: Construct,
  id: string,
  topic: ITopic,
  { hurts, todo }: AlarmText,
  props: Pick<AlarmProps, 'metric'> & Partial<AlarmProps>,
): Alarm {
  const alarm = new Alarm(scope, id, {
    alarmDescription: `困る人：${hurts}\nすること：${todo}`,
    threshold: 0,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    ...props,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  return alarm;
}
