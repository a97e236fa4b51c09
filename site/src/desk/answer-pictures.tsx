/**
 * Pictures that go with an answer: made plain, sealed for the writer and the desk and put away at once, so that
 * the draft that names them can be looked at by a second member.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ChosenPhoto, MOST_PHOTOS } from '../letters/photo.ts';
import { PhotoPicker } from '../letters/photo-picker.tsx';
import { type Attachment, sealPicture } from '../sealing.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { uploadPicture } from './letter-parts.ts';
import { LetterPictures } from './letter-picture.tsx';

const NOT_SENT = '写真を送れませんでした。通信を確かめて、もう一度えらんでください。';

export function AnswerPictures({
  accessToken,
  mailbox,
  identities,
  attachments,
  recipients,
  onChange,
  onLoggedOut,
}: {
  readonly accessToken: string;
  readonly mailbox: string;
  readonly identities: readonly string[];
  readonly attachments: readonly Attachment[];
  /** As of the answer: the desk's newest epoch, and the writer. */
  readonly recipients: readonly [desk: string, mailbox: string];
  readonly onChange: (attachments: readonly Attachment[]) => void;
  readonly onLoggedOut: () => void;
}) {
  const [sending, setSending] = useState(0);
  const [problem, setProblem] = useState('');
  const now = useRef(attachments);
  now.current = attachments;
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  const isFull = attachments.length + sending >= MOST_PHOTOS;

  const add = async ({ picture }: ChosenPhoto) => {
    if (now.current.length + sending >= MOST_PHOTOS) return;
    setSending((count) => count + 1);
    setProblem('');
    try {
      // A file's own name can say who took it, where and when.
      const sealed = await sealPicture({ ...picture, name: '写真.jpg' }, recipients);
      await uploadPicture(accessToken, mailbox, sealed);
      if (isHere.current) {
        now.current = [...now.current, sealed.attachment];
        onChange(now.current);
      }
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else if (isHere.current) setProblem(error instanceof RefusedError ? error.message : NOT_SENT);
    } finally {
      if (isHere.current) setSending((count) => count - 1);
    }
  };

  return (
    <div class="answer__pictures">
      <LetterPictures
        accessToken={accessToken}
        mailbox={mailbox}
        attachments={attachments}
        identities={identities}
        onLoggedOut={onLoggedOut}
      />
      {attachments.length > 0 && (
        <div class="actions">
          {attachments.map(({ id }, index) => (
            <button
              class="button"
              data-kind="plain"
              type="button"
              key={id}
              onClick={() => onChange(attachments.filter((each) => each.id !== id))}
            >
              写真 {index + 1} をとりのぞく
            </button>
          ))}
        </div>
      )}
      <details class="canned">
        <summary>写真をつける</summary>
        <PhotoPicker
          photos={[]}
          isOff={isFull}
          onAdd={(photo) => void add(photo)}
          onRemove={() => {}}
        />
        <p class="form-status" role="status">
          {sending > 0 ? '写真に封をして、送っています。' : ''}
        </p>
        {problem !== '' && (
          <p class="answer__problem" role="alert">
            {problem}
          </p>
        )}
      </details>
    </div>
  );
}
