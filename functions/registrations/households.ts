/** The keys by which a household is known to a course, so that it does not apply twice. */
import { emailAddressKey } from '../persons/rules.ts';
import type { Config } from '../platform/config.ts';
import { keyedHash } from '../platform/keyed-hash.ts';
import type { Registration } from './model.ts';

/**
 * One for the telephone number and one for the mail address; nobody can guess either back.
 * @param sessionKey the date, where dates are booked one by one
 */
export function householdsOf(
  { formKey }: Pick<Config, 'formKey'>,
  courseId: string,
  { phone, email }: { readonly phone: string; readonly email?: string | undefined },
  sessionKey: string | undefined,
): Registration['households'] {
  const household = (kind: string, value: string) => ({
    key: keyedHash(
      formKey,
      `household ${courseId} ${sessionKey === undefined ? '' : `${sessionKey} `}${kind}`,
      value,
    ),
    ...(sessionKey === undefined ? {} : { sessionKey }),
  });
  return [
    household('phone', phone),
    ...(email === undefined ? [] : [household('email', emailAddressKey(email))]),
  ];
}
