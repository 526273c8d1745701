import { STRINGS } from '../strings.js';
import { fileSize } from './format.js';
import { Icon } from './Icon.js';
import { Tool } from './Tool.js';
import type { Upload, Uploads } from './use-uploads.js';

const Words = ({ upload: { file, error, attachment, share } }: { upload: Upload }) => (
  <span class="card-words">
    <span class="card-name">
      <bdi>{file.name}</bdi>
    </span>
    {error === null ? (
      <span class="card-note">
        <bdi>{fileSize(file.size)}</bdi>
      </span>
    ) : (
      <span class="card-error" role="alert">
        {error.message}
      </span>
    )}
    {attachment === null && error === null ? (
      <progress max={1} value={share} aria-label={STRINGS.uploading(file.name)} />
    ) : null}
  </span>
);

/** The files that go with the next message, how far they are, and what went wrong. */
export const UploadList = ({ uploads: { list, notice, remove, retry } }: { uploads: Uploads }) => (
  <>
    {list.length === 0 ? null : (
      <ul class="uploads" aria-label={STRINGS.attached}>
        {list.map((upload) => (
          <li class="upload" key={upload.id}>
            <Icon name="file" />
            <Words upload={upload} />
            {upload.error === null || upload.error.final ? null : (
              <button
                type="button"
                class="small"
                aria-label={STRINGS.retryFile(upload.file.name)}
                onClick={() => retry(upload.id)}
              >
                {STRINGS.tryAgain}
              </button>
            )}
            <Tool icon="close" label={STRINGS.removeFile(upload.file.name)} onClick={() => remove(upload.id)} />
          </li>
        ))}
      </ul>
    )}
    {notice === null ? null : (
      <p class="notice" role="alert">
        {notice}
      </p>
    )}
  </>
);
