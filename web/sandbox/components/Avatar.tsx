import type { JSX } from 'preact';

/** Picture that the sandbox paints for a person or a Page. */
export function Avatar({ id, size }: { id: string; size: number }): JSX.Element {
  return <img class="avatar" src={`/avatars/${id}.png`} width={size} height={size} alt="" />;
}
