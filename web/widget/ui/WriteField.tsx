import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { STRINGS } from '../strings.js';

interface WriteFieldProps {
  fieldRef: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onText: (text: string) => void;
  onEnter: () => void;
  onFiles: (files: File[]) => void;
}

/** The text field: grows with its text, Enter sends, Shift+Enter begins a line, pasted files are attached. */
export function WriteField({ fieldRef, text, onText, onEnter, onFiles }: WriteFieldProps) {
  useLayoutEffect(() => {
    const field = fieldRef.current;
    if (field === null) return;
    field.style.blockSize = 'auto';
    field.style.blockSize = `${field.scrollHeight}px`;
  }, [fieldRef, text]);

  return (
    <textarea
      ref={fieldRef}
      rows={1}
      value={text}
      dir="auto"
      enterkeyhint="send"
      aria-label={STRINGS.write}
      placeholder={STRINGS.placeholder}
      onInput={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        // While an input method composes, Enter chooses a word.
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        onEnter();
      }}
      onPaste={(event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length > 0) onFiles(files);
      }}
    />
  );
}
