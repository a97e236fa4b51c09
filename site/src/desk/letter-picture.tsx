/** The pictures of a letter, or of a draft, as a member of the desk looks at them. */
import { PictureView } from '../letters/picture-view.tsx';
import type { Attachment } from '../sealing.ts';
import { LoggedOutError } from './api.ts';
import { downloadPicture } from './letter-parts.ts';

export function LetterPictures({
  accessToken,
  mailbox,
  attachments,
  identities,
  onLoggedOut,
}: {
  readonly accessToken: string;
  readonly mailbox: string;
  /** As an opened and checked letter names them. */
  readonly attachments: readonly Attachment[];
  /** Of the desk, all epochs that the member has. */
  readonly identities: readonly string[];
  readonly onLoggedOut: () => void;
}) {
  if (attachments.length === 0) return null;
  return (
    <ul class="letter__pictures" role="list" aria-label={`写真 ${attachments.length}枚`}>
      {attachments.map((attachment, index) => (
        <li key={attachment.id}>
          <PictureView
            attachment={attachment}
            nth={index + 1}
            identities={identities}
            fetchParts={(each) => downloadPicture(accessToken, mailbox, each)}
            onError={(error) => error instanceof LoggedOutError && onLoggedOut()}
          />
        </li>
      ))}
    </ul>
  );
}
