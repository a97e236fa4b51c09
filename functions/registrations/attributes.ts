/** HTML attributes of the application form, read from the schemas that will judge what is sent. */
import { EmailAddress, PersonKana, PersonName, PhoneNumber } from '../persons/model.ts';
import { RegistrationRequest } from './model.ts';

export interface FieldAttributes {
  readonly maxlength?: number;
  readonly required?: boolean;
}

/** A forgiving reader is a text with a limit, then a transformation: the limit is the text's. */
function read(reader: typeof PersonName, required: boolean): FieldAttributes {
  const { maxLength } = reader.in;
  return {
    ...(maxLength === null ? {} : { maxlength: maxLength }),
    ...(required ? { required } : {}),
  };
}

const { applicant, allergy, needs } = RegistrationRequest.shape;

/** By the field's last name; what is optional to the schema is optional in the form. */
export const fieldAttributes = {
  name: read(PersonName, true),
  kana: read(PersonKana, true),
  phone: read(PhoneNumber, !applicant.shape.phone.safeParse('').success),
  email: read(EmailAddress, !applicant.shape.email.safeParse('').success),
  allergy: { maxlength: allergy.out.unwrap().maxLength ?? 200, required: true },
  needs: { maxlength: needs.out.unwrap().maxLength ?? 500 },
} satisfies Record<string, FieldAttributes>;
